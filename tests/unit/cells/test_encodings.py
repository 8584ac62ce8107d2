"""TCVN3 is checked against iconv's TCVN5712-1, VNI against well-known sentences and letters taken apart."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.cells.encodings import conversions, is_syllable, spellings
from tests.making.machine import ROOT

LETTERS = "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
TCVN3_CAPITALS = "ĂÂĐÊÔƠƯ"

# Sentences that offices write, none of whose capitals has a tone.
SENTENCES = (
    "Cộng hòa xã hội chủ nghĩa Việt Nam",
    "Độc lập - Tự do - Hạnh phúc",
    "Hội nghị báo cáo viên quý I năm 2024 được tổ chức trực tuyến đến cấp xã",
    "Khó khăn: kinh phí còn hạn chế, cán bộ kiêm nhiệm nhiều việc.",
    "Đề nghị Ban Tuyên giáo tăng cường tập huấn kỹ năng viết tin, bài cho đội ngũ cộng tác viên",
    "Mở 12 lớp bồi dưỡng lý luận chính trị; phát hành bản tin sinh hoạt chi bộ",
    "Tiếp tục đẩy mạnh học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
    "Phối hợp với QĐND, ĐTN và HĐND tỉnh",
    "sẵn sàng, thẳng thắn, kỵ nước, chuỗi ngày, khuỷu tay, quýt, giếng, gì, ở xã",
)


def tcvn3(text: str) -> str:
    """`text` in TCVN3, its code points as a program sees them that knows no fonts; by iconv."""
    if not shutil.which("iconv"):
        pytest.skip("there is no iconv here")
    done = subprocess.run(
        ["iconv", "-f", "UTF-8", "-t", "TCVN5712-1"], input=text.encode(), capture_output=True, check=True
    )
    return done.stdout.decode("latin-1")


# What follows a vowel in VNI, by its marks taken apart: the tone alone, with a circumflex, with a breve.
_TONES = {"": 0, "\u0301": 1, "\u0300": 2, "\u0309": 3, "\u0303": 4, "\u0323": 5}
_AFTER = {"": " ùøûõï", "\u0302": "âáàåãä", "\u0306": "êéèúüë", "\u031b": " ùøûõï"}
_OWN = {"đ": "ñ", "í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î"}
_HORNED = {"o": "ô", "u": "ö"}


def vni(text: str) -> str:
    """`text` in VNI, put together from its letters' marks."""
    return "".join(_vni_letter(sign) for sign in unicodedata.normalize("NFC", text))


def _vni_letter(sign: str) -> str:
    small = sign.lower()
    if small in _OWN:
        typed = _OWN[small]
    else:
        base, *marks = unicodedata.normalize("NFD", small)
        tone = next((mark for mark in marks if mark in _TONES), "")
        shape = next((mark for mark in marks if mark in _AFTER), "")
        typed = (_HORNED[base] if shape == "\u031b" else base) + _AFTER[shape][_TONES[tone]].strip()
        if not marks:
            typed = base
    return typed.upper() if sign.isupper() else typed


def certain(text: str) -> tuple[str, str] | None:
    """The encoding and the converted text, where there is no doubt."""
    found = conversions(text)
    return (found[0].encoding, found[0].text) if found and found[0].certain else None


@pytest.mark.parametrize(
    ("typed", "encoding", "meant"),
    [
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "TCVN3", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("§éc lËp - Tù do - H¹nh phóc", "TCVN3", "Độc lập - Tự do - Hạnh phúc"),
        ("QuyÕt ®Þnh cña Bé tr\u00adëng", "TCVN3", "Quyết định của Bộ trưởng"),
        ("CéNG HOµ X· HéI CHñ NGHÜA VIÖT NAM", "TCVN3", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("BÁO CÁO", "", ""),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "VNI", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", "VNI", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Ñoäc laäp - Töï do - Haïnh phuùc", "VNI", "Độc lập - Tự do - Hạnh phúc"),
        ("Chi phí, ñôn vò, nghæ maát söùc", "VNI", "Chi phí, đơn vị, nghỉ mất sức"),
        ("“Tuyeân truyeàn mieäng” – thaùng 4…", "VNI", "“Tuyên truyền miệng” – tháng 4…"),
        ("· Héi nghÞ b¸o c¸o viªn © 2024", "TCVN3", "· Hội nghị báo cáo viên © 2024"),
        ("« t« ë x·", "TCVN3", "ô tô ở xã"),
    ],
)
def test_well_known_sentences(typed: str, encoding: str, meant: str) -> None:
    assert certain(typed) == ((encoding, meant) if encoding else None)


@pytest.mark.parametrize("letter", LETTERS + TCVN3_CAPITALS)
def test_every_letter_of_tcvn3_as_iconv_has_it(letter: str) -> None:
    sentence = f"{SENTENCES[2]} x{letter}x"
    assert certain(tcvn3(sentence)) == ("TCVN3", sentence)


@pytest.mark.parametrize("letter", LETTERS + LETTERS.upper())
def test_every_letter_of_vni(letter: str) -> None:
    sentence = f"{SENTENCES[2]} X{letter}x"
    assert certain(vni(sentence)) == ("VNI", sentence)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_there_and_back(sentence: str) -> None:
    assert certain(tcvn3(sentence)) == ("TCVN3", sentence)
    assert certain(vni(sentence)) == ("VNI", sentence)
    assert certain(vni(sentence.upper())) == ("VNI", sentence.upper())
    assert certain(tcvn3(sentence.lower())) == ("TCVN3", sentence.lower())


WORDS = """
hội nghị báo cáo viên tuyên truyền miệng đảng bộ tỉnh huyện ủy xã phường thị trấn được những khó khăn
thường trực kỷ niệm bằng mỹ thuật nghĩa ở mẫu sẵn thẳng kỵ quý gìn giữ giếng khuỷu nước người việc
tổ chức lớp tập huấn đề xuất kiến nghị ngoài khoản hoãn toán hoà xoá thuở quyết nghiệm chuyển đổi số
"""
syllables = st.sampled_from(WORDS.split())
sentences = st.lists(syllables | st.sampled_from(["12", "Nam", "-", "quý", "(a)", "UBND"]), min_size=4).map(
    " ".join
)


@given(sentences)
def test_any_words_there_and_back(sentence: str) -> None:
    for name, typed in (("TCVN3", _in_tcvn3(sentence)), ("VNI", vni(sentence))):
        found = conversions(typed)
        if found and found[0].certain:
            assert (found[0].encoding, found[0].text) == (name, sentence)


_TCVN3_BYTES: dict[str, str] = {}


def _in_tcvn3(text: str) -> str:
    if not _TCVN3_BYTES:
        _TCVN3_BYTES.update(zip(LETTERS, tcvn3(LETTERS), strict=True))
    return "".join(_TCVN3_BYTES.get(sign, sign) for sign in text)


@given(sentences, st.sampled_from([str.lower, str.upper, str.title]), st.sampled_from(["NFC", "NFD"]))
def test_vietnamese_in_unicode_is_left_alone(sentence: str, case: object, normal: str) -> None:
    text = unicodedata.normalize(normal, case(sentence))  # type: ignore[operator, arg-type]
    assert conversions(text) == []


@pytest.mark.parametrize("name", ["form.toml", "units.csv", "reportctl.toml", "README.md"])
def test_the_sample_is_left_alone(name: str) -> None:
    text = (ROOT / "sample_data" / name).read_text(encoding="utf-8")
    assert any(letter in text for letter in LETTERS)
    for piece in (text, *text.splitlines(), *text.split()):
        assert conversions(piece) == []


@pytest.mark.parametrize(
    "text",
    [
        "Le café « crème » coûte trop cher à Paris, où l'été est chaud.",
        "Le garçon français a été reçu à l'hôtel « Château d'If » ; ça suffit",
        "Noël, Haïti et München",
        "Señor Muñoz vivía en la mañana",
        "São Paulo não coração ações",
        "Göteborg, Malmö och Växjö är fina städer på sjön",
        "Größe für Männer, Öl und Übung",
        "12 µm; 5 µm; 7 µg",
        "Hội nghị «A» © 2024 § 5",
        "Các cô giáo xã hoà toán hoãn",
        "Ông Phùng, bà Hà và các xã",
        "© ® § ¶ « » · ¬",
        "",
        "plain",
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert conversions(text) == []


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Héi nghÞ", "TCVN3"),  # one sign only
        ("laäp", "VNI"),
        ("Các xã; thµnh phè, Hội nghÞ ®ång", "TCVN3"),  # partly in Unicode
        ("Hội nghị baùo caùo vieân", "VNI"),
    ],
)
def test_what_is_not_certain_is_only_asked(text: str, encoding: str) -> None:
    found = conversions(text)
    assert [(one.encoding, one.certain) for one in found] == [(encoding, False)]


def test_words_that_are_known_are_certain_unless_they_are_vietnamese_as_they_stand() -> None:
    assert [(one.text, one.certain) for one in spellings("kh«ng")] == [("không", True)]
    assert [(one.text, one.certain) for one in spellings("Trùc tiÕp")] == [("Trực tiếp", True)]
    assert [(one.text, one.certain) for one in spellings("Cã")] == [("Có", False)]
    assert [(one.text, one.certain) for one in spellings("khoâng")] == [("không", True)]
    assert not any(one.certain for one in spellings("không"))
    assert spellings("khong") == []


@pytest.mark.parametrize(
    "word", [word for sentence in SENTENCES for word in sentence.split() if word.isalpha()]
)
def test_words_of_the_office_are_syllables(word: str) -> None:
    assert is_syllable(word) or word in ("QĐND", "ĐTN", "HĐND", "I")


@pytest.mark.parametrize(
    "word", ["héi", "nghÞ", "hoäi", "cát̀", "các̀", "càc", "ngi", "kà", "ghà", "cê", "xyz", "", "aa"]
)
def test_other_words_are_none(word: str) -> None:
    assert not is_syllable(word)
