"""What `form --check` says of sums by which figures would be wrong, or may be."""

from __future__ import annotations

from pathlib import Path

from tests.making.commands import begin, run


def test_a_doubt_is_a_note_and_a_mistake_stops(tmp_path: Path) -> None:
    office = tmp_path / "office"
    begin(office, "2024-Q1")
    path = office / "form.toml"
    stock = path.read_text(encoding="utf-8")
    checked = run("--lang", "en", "-w", office, "form", "--check")
    assert (checked.code, checked.err) == (0, "")

    words = 'unit_of_measure = "tin, bài"'
    assert words in stock
    path.write_text(stock.replace(words, 'unit_of_measure = "sản phẩm"'), encoding="utf-8")
    doubted = run("--lang", "en", "-w", office, "form", "--check")
    assert doubted.code == 0
    assert "“press_media.total.all” (sản phẩm) and “press_media.total.news” (tin) are added up" in doubted.err
    assert "are in the form" not in doubted.out

    path.write_text(stock.replace(words, 'unit_of_measure = "triệu đồng"'), encoding="utf-8")
    refused = run("--lang", "en", "-w", office, "form", "--check")
    assert refused.code == 2
    assert (
        "(triệu đồng) and “press_media.total.news” (tin) are not in the same unit of measure" in refused.err
    )

    path.write_text(stock.replace("news + articles + features", "news + articles - plan"), encoding="utf-8")
    refused = run("--lang", "vi", "-w", office, "form", "--check")
    assert refused.code == 2
    assert "“plan” do chương trình điền, không cộng trừ được: hãy bỏ “all”." in refused.err
    assert "{{table:press_media.*.news}}" in refused.err
