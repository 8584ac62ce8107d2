from __future__ import annotations

import itertools
import random
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core.likeness import Text, Twins, groups_of_similar, similarity, text_of, twins
from tests.making.compared import LETTERS, TWENTY


def text(words: str) -> Text:
    found = text_of(words, 3)
    assert found is not None
    return found


def test_short_texts_are_not_compared() -> None:
    assert text_of("không có", 3) is None
    assert text_of(" ".join(LETTERS[:19]), 20) is None
    assert text_of(f"{' '.join(LETTERS[:19])} 20 21 22", 20) is None  # figures are no words
    assert text_of(TWENTY, 20) is not None


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        (TWENTY, TWENTY.upper(), 1.0),
        (TWENTY, TWENTY.replace(" ", ",\n- "), 1.0),
        # 18 runs of three words each; the tenth word is in three of them.
        (TWENTY, " ".join([*LETTERS[:9], "khác", *LETTERS[10:20]]), 15 / 18),
        # The first four words have two runs; the other text has 18: 2 * 2 / (2 + 18).
        (" ".join(LETTERS[:4]), TWENTY, 0.2),
        (" ".join(LETTERS[:20]), " ".join(LETTERS[20:40]), 0.0),
        # Dates and quarters are left out.
        (f"Trong quý I/2024, {TWENTY}", f"Trong quý IV/2023, {TWENTY}", 1.0),
        (f"Ngày 05/4/2024 tháng 5 năm 2024 {TWENTY}", f"Ngày 9/7/2024 tháng 8 năm 2025 {TWENTY}", 1.0),
        # Of other figures it is another report: one of two is the same.
        (f"mở 3 lớp {TWENTY} có 9 bài", f"mở 3 lớp {TWENTY} có 7 bài", 0.5),
        # The same figures at other places are other figures.
        (f"mở 3 lớp {TWENTY} có 9 bài", f"mở 9 lớp {TWENTY} có 3 bài", 0.0),
        (f"mở 3 lớp {TWENTY}", f"mở lớp {TWENTY}", 0.0),
    ],
)
def test_what_texts_have_in_common(one: str, other: str, share: float) -> None:
    assert similarity(text(one), text(other)) == pytest.approx(share)
    assert similarity(text(other), text(one)) == pytest.approx(share)


def test_decomposed_letters_are_the_same_letters() -> None:
    assert text("Hội nghị tổng kết") == text("Hội nghị tổng kết")


def test_the_most_alike_are_named() -> None:
    changed = " ".join([*LETTERS[:9], "khác", *LETTERS[10:20]])
    texts = {"d": text(TWENTY), "c": text(changed), "b": text(TWENTY), "a": text(" ".join(LETTERS[25:50]))}
    found = twins(texts, 0.8)
    assert found == {
        "b": Twins(1.0, ("b", "d")),
        "d": Twins(1.0, ("b", "d")),
        "c": Twins(15 / 18, ("b", "d")),
    }
    assert twins(texts, 0.9).keys() == {"b", "d"}


def test_stock_phrases_make_no_texts_alike() -> None:
    """Sixty texts that begin with the same twelve words, and go on with ten of their own."""
    stock = " ".join(LETTERS[:12])
    chance = random.Random(1)
    own = {str(n): " ".join(f"{chance.choice(LETTERS)}{n}x{k}x" for k in "abcdefghij") for n in range(60)}
    texts = {key: text(f"{stock} {words}".replace("0", "o").translate(DIGITS)) for key, words in own.items()}
    assert similarity(texts["1"], texts["2"]) == 0.5
    assert twins(texts, 0.5) == {}
    # Fewer than fifty: a phrase that only some have is what makes texts alike.
    few = dict(itertools.islice(texts.items(), 40))
    assert len(twins(few, 0.5)) == 40
    # Word for word the same is told all the same.
    assert twins({**texts, "x": texts["1"]}, 0.5) == {
        "1": Twins(1.0, ("1", "x")),
        "x": Twins(1.0, ("1", "x")),
    }


DIGITS = str.maketrans("123456789", "abcdefghi")

WORDS = st.lists(st.sampled_from(LETTERS[:8]), min_size=3, max_size=12).map(" ".join)


@given(st.lists(WORDS, min_size=2, max_size=8), st.sampled_from([0.5, 0.7, 0.8, 0.9, 1.0]), st.randoms())
def test_no_pair_is_missed_whatever_the_order(
    written: list[str], at_least: float, chance: random.Random
) -> None:
    texts = {f"u{n}": text(words) for n, words in enumerate(written)}
    expected = {}
    for key, mine in texts.items():
        shares = {other: similarity(mine, theirs) for other, theirs in texts.items() if other != key}
        if max(shares.values()) >= at_least:
            best = max(shares.values())
            expected[key] = best, {other for other, share in shares.items() if share == best}
    found = twins(texts, at_least)
    assert {key: (like.share, set(like.keys) - {key}) for key, like in found.items()} == expected
    shuffled = list(texts.items())
    chance.shuffle(shuffled)
    assert twins(dict(shuffled), at_least) == found


def test_the_same_in_every_run_of_the_program() -> None:
    program = f"from reportctl.core.likeness import text_of; print(sorted(text_of({TWENTY!r}, 3).shingles))"
    runs = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert runs == {f"{sorted(text(TWENTY).shingles)}\n".encode()}


@pytest.mark.slow
def test_time_grows_with_the_number_of_texts_alone() -> None:
    """Eight times as many texts take less than twenty-four times as long; all pairs would take 64."""
    chance = random.Random(2)
    phrases = [" ".join(chance.choices(LETTERS, k=8)) for _n in range(200)]

    def seconds(count: int) -> float:
        texts = {str(n): text(" ".join(chance.choices(phrases, k=8))) for n in range(count)}
        start = time.process_time()
        twins(texts, 0.8)
        return time.process_time() - start

    seconds(100)
    assert seconds(3200) < 24 * max(seconds(400), 0.01)


# ---- texts that stand once


@given(st.lists(st.lists(st.sampled_from("abcde"), min_size=3, max_size=12), max_size=8))
def test_firsts_are_those_that_every_pair_compared_gives(words: list[list[str]]) -> None:
    texts = {n: made for n, said in enumerate(words) if (made := text_of(" ".join(said), 3))}
    expected: dict[int, int] = {}
    for n, text in texts.items():
        before = [m for m in expected if expected[m] == m and similarity(text, texts[m]) >= 0.8]
        expected[n] = before[0] if before else n
    assert groups_of_similar(texts, 0.8) == expected


def test_a_text_that_a_hundred_sent_a_little_changed_has_one_first() -> None:
    model = [f"từ{'x' * n}" for n in range(1, 61)]
    texts = {
        n: text_of(" ".join([*model[: n % 60], f"khác{'y' * n}", *model[n % 60 + 1 :]]), 20)
        for n in range(100)
    }
    assert set(groups_of_similar({n: text for n, text in texts.items() if text}, 0.8).values()) == {0}
