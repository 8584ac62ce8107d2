"""The differences between a report and the ledger as people read them: on one screen, or all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from reportctl.core.language import _, ngettext
from reportctl.core.table import CellFormat, Column, Row, Table
from reportctl.report.changes import Change, Changes, KeptText, TableChange, size_of, title_of
from reportctl.report.tags import shortened
from reportctl.word.content import Tag
from reportctl.word.lost import LostPlace

_LONGEST = 160  # characters of a text that are shown
_SHORT = 60  # likewise on one screen
_ON_A_SCREEN = 8  # figures and texts
_TABLES_ON_A_SCREEN = 20
_NAMED = 4  # rows and columns of one table
_LEFT_SHOWN = 3  # places of one text that are to be changed by hand
_WORDS_AROUND = 3  # of what differs in a long text


def changes_table(found: Changes, *, whole: bool = True) -> Table:
    """The changes, before and after, with a remark where somebody had typed over what was printed; first what
    is gone. Without `whole` those of the text alone, as many as stand on one screen, long texts cut to what
    differs in them."""
    lost = found.lost if whole else _lost_in_text(found)
    rows = [_lost_row(place, whole=whole) for place in lost]
    shown = (*found.mended, *found.changed) if whole else found.of_text
    rows += [_row(one, whole=whole, mended=one in found.mended) for one in shown]
    if not whole:
        rows = rows[:_ON_A_SCREEN]
    columns = (
        Column("tag", _("Tag"), CellFormat.TEXT, 1.4),
        Column("where", _("Where"), CellFormat.TEXT, 1.6),
        Column("old", _("Before"), CellFormat.TEXT, 2),
        Column("new", _("Now"), CellFormat.TEXT, 2),
        Column("remark", _("Remark"), CellFormat.TEXT, 1.4),
    )
    return Table("changes", _("What has changed"), columns, tuple(rows))


def _row(one: Change, *, whole: bool, mended: bool) -> Row:
    """A change; a long text is cut to what differs."""
    remark = _("edited by hand; renewed between the edits") if mended else ""
    if one.layout:
        remark = _("laid out or called otherwise; what was printed is still right")
    if one.printed is not None:
        remark = _("typed over by hand; printed was “{printed}”").format(printed=_short(one.printed))
    old, new = (one.old, one.new) if whole else _difference(one.old, one.new)
    most = _LONGEST if whole else _SHORT
    return Row((one.tag, one.where, _short(old, most), _short(new, most), remark))


def _lost_in_text(found: Changes) -> list[LostPlace]:
    """The figures and texts that are gone; those first that would say something else now, then figures."""

    def turn(place: LostPlace) -> tuple[bool, bool]:
        return place.printed == place.new, not any(map(str.isdigit, place.printed))

    return sorted((place for place in found.lost if not _is_table(place.tag)), key=turn)


def _is_table(tag: str) -> bool:
    """Whether a tag is that of a table or chart."""
    return Tag.parse(tag).kind in ("table", "chart")


def _lost_row(place: LostPlace, *, whole: bool) -> Row:
    """A place that is gone, with where its words still stand."""
    most = _LONGEST if whole else _SHORT
    standing = place.standing if whole else place.standing[:1]
    where = _("nowhere in the document")
    remark = ""
    if standing:
        where = _("as plain text: {paragraphs}").format(
            paragraphs="; ".join(f"“{_short(line, most)}”" for line in standing)
        )
    if place.new is None:
        remark = _("this tag is not known any more")
    elif place.new == place.printed:
        remark = _("it would say the same now")
    printed, now = (_in_short(place, text) for text in (place.printed, place.new or ""))
    if not whole and printed != now:
        printed, now = _difference(printed, now)
    shown = "" if place.new == place.printed else _short(now, most)
    return Row((place.tag, where, _short(printed, most), shown, remark))


def _in_short(place: LostPlace, text: str) -> str:
    """What a place said or would say; of a table how many rows it has."""
    if Tag.parse(place.tag).kind == "chart":
        return title_of(place.tag, text) or shortened(text, _SHORT)
    if place.kind != "table" and "\t" not in text:
        return text
    rows = size_of(place.tag, text)
    return ngettext("{count} row", "{count} rows", rows).format(count=rows)


def _difference(old: str, new: str) -> tuple[str, str]:
    """Two long texts without what both begin and end with, but for a few words."""
    before, after = old.split(" "), new.split(" ")
    if max(len(old), len(new)) <= _SHORT:
        return old, new
    shortest = min(len(before), len(after))
    same = next((n for n in range(shortest) if before[n] != after[n]), shortest)
    ending = next((n for n in range(shortest - same) if before[-1 - n] != after[-1 - n]), shortest - same)
    start, stop = max(same - _WORDS_AROUND, 0), max(ending - _WORDS_AROUND, 0)

    def cut(words: list[str]) -> str:
        middle = " ".join(words[start : len(words) - stop])
        return f"{'… ' if start else ''}{middle}{' …' if stop else ''}"

    return cut(before), cut(after)


def _short(text: str, most: int = _LONGEST) -> str:
    """A text on one line of at most `most` characters."""
    return shortened(" / ".join(text.replace("\t", " | ").split("\n")), most)


def table_lines(found: Changes) -> Iterator[str]:
    """A line for each table and chart that is gone or has changed, and one for what does not stand on the
    screen."""
    lines = [_lost_table_line(place) for place in found.lost if _is_table(place.tag)]
    lines += [_table_line(table) for table in found.tables]
    yield from lines[:_TABLES_ON_A_SCREEN]
    others = len(lines) - _TABLES_ON_A_SCREEN
    if others > 0:
        more = ngettext("… and {count} more table or chart", "… and {count} more tables and charts", others)
        yield more.format(count=others)
    tags = [place.tag for place in _lost_in_text(found)] + [one.tag for one in found.of_text]
    if left := tags[_ON_A_SCREEN:]:
        yield ngettext(
            "… and {count} more place in the text: {tags}",
            "… and {count} more places in the text: {tags}",
            len(left),
        ).format(count=len(left), tags=", ".join(dict.fromkeys(left)))


def _lost_table_line(place: LostPlace) -> str:
    """A table or chart that is gone, on one line."""
    if not place.standing:
        return _("{tag}: gone; it had {what}").format(tag=place.tag, what=_in_short(place, place.printed))
    line = _("{tag}: stands as plain text only, and is not renewed: “{paragraph}”")
    return line.format(tag=place.tag, paragraph=_short(place.standing[0], _SHORT))


def _table_line(table: TableChange) -> str:
    """A table's change on one line: “Bảng 16: 20 -> 24 dòng; 2 ô khác”, “Bảng 1: thêm cột “Kế hoạch năm”;
    không số nào khác”."""
    name = table.label or table.title or table.tag
    what = "; ".join(_of_chart(table) if Tag.parse(table.tag).kind == "chart" else _of_table(table))
    title = f" ({shortened(table.title, _SHORT)})" if table.title and table.label else ""
    return f"{name}: {what}{title}".replace("\u00a0", " ")


def _of_chart(table: TableChange) -> Iterator[str]:
    if table.cells:
        what = ngettext("{count} value differs", "{count} values differ", table.cells)
        yield what.format(count=table.cells)
    if table.notes:
        yield _("its caption differs")


def _of_table(table: TableChange) -> Iterator[str]:
    """What differs in a table, and whether figures do."""
    if table.rows_before != table.rows_now:
        what = ngettext("{before} -> {now} row", "{before} -> {now} rows", table.rows_now)
        yield what.format(before=table.rows_before, now=table.rows_now)
    else:
        yield from _named(_("rows added: {names}"), table.rows_added)
        yield from _named(_("rows dropped: {names}"), table.rows_dropped)
    yield from _renamed(_("rows renamed: {names}"), table.rows_renamed)
    yield from _named(_("columns added: {names}"), table.columns_added)
    yield from _named(_("columns dropped: {names}"), table.columns_dropped)
    yield from _renamed(_("columns renamed: {names}"), table.columns_renamed)
    if table.moved:
        yield _("rows or columns in another order")
    if table.cells:
        what = ngettext("{count} cell differs", "{count} cells differ", table.cells)
        yield what.format(count=table.cells)
    if table.notes:
        what = ngettext(
            "{count} line above or below differs", "{count} lines above or below differ", table.notes
        )
        yield what.format(count=table.notes)
    if not table.cells and table.rows_before == table.rows_now:
        yield _("no other figure differs")


def _named(pattern: str, names: Sequence[str]) -> Iterator[str]:
    """What came or went by name, the first ones."""
    if names:
        said = ", ".join(f"“{shortened(name, _SHORT)}”" for name in names[:_NAMED])
        yield pattern.format(names=said + (" …" if len(names) > _NAMED else ""))


def _renamed(pattern: str, pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What is called otherwise: before and now, the first ones."""
    if pairs:
        said = ", ".join(
            f"“{shortened(was, _SHORT)}” -> “{shortened(now, _SHORT)}”" for was, now in pairs[:_NAMED]
        )
        yield pattern.format(names=said + (" …" if len(pairs) > _NAMED else ""))


def sentences(found: Changes) -> Iterator[str]:
    """The notes beside the table, each with what to do: on the texts that were kept, the controls that were
    left alone, what is gone."""
    for kept in found.kept:
        yield from _of_kept(kept)
    for tag, reason in found.left_alone:
        yield _("“{tag}” was left alone: {reason}.").format(tag=tag, reason=reason)
    if found.lost:
        count = len(found.lost)
        yield ngettext(
            "{count} place that was printed is not found in the document any more. Type its tag in double "
            "braces where it is to stand, such as {{{{{tag}}}}}, and refresh; if it is gone on purpose: "
            "--drop {tag}",
            "{count} places that were printed are not found in the document any more. Type a tag in double "
            "braces where it is to stand, such as {{{{{tag}}}}}, and refresh; if it is gone on purpose: "
            "--drop {tag}",
            count,
        ).format(count=count, tag=found.lost[0].tag)
    if found.dropped:
        yield _("Gone on purpose: {tags}.").format(tags=", ".join(found.dropped))


def _of_kept(kept: KeptText) -> Iterator[str]:
    """What is said of a text that somebody edited."""
    if kept.typed_over:
        yield _(
            "“{tag}” was typed over by hand, so its figures are not found any more; it would say: {new} To "
            "have that again: --renew {tag}; to leave it as it is: --drop {tag}"
        ).format(tag=kept.tag, new=_short(kept.new))
    elif kept.outdated:
        yield _(
            "“{tag}” was edited by hand and stays, but its figures have changed since; it would say: {new}"
        ).format(tag=kept.tag, new=_short(kept.new))
        for place in kept.left[:_LEFT_SHOWN]:
            yield _left(kept, place.printed, place.now)
    else:
        yield _("“{tag}” was edited by hand and stays as it is; to renew it: --renew {tag}").format(
            tag=kept.tag
        )
    if kept.strange:
        yield _("“{tag}” has numbers that the ledger's sentence has not: {numbers}.").format(
            tag=kept.tag, numbers="; ".join(kept.strange)
        )
    if kept.missing and not (kept.typed_over or kept.outdated):
        yield _("“{tag}” has no longer the ledger's {numbers}.").format(
            tag=kept.tag, numbers="; ".join(kept.missing)
        )
    if kept.added:
        yield _("“{tag}” has numbers in words that were added by hand: {numbers}. Check them.").format(
            tag=kept.tag, numbers="; ".join(kept.added)
        )


def _left(kept: KeptText, printed: str, now: str) -> str:
    """What somebody has to change by hand in an edited text."""
    if not printed:
        text = _("In “{tag}” type “{now}” where it belongs, or renew the whole: --renew {tag}")
    elif not now:
        text = _("In “{tag}” take out what stands for “{printed}”, or renew the whole: --renew {tag}")
    else:
        text = _("In “{tag}” type “{now}” for what was “{printed}”, or renew the whole: --renew {tag}")
    return text.format(tag=kept.tag, now=_short(now, _SHORT), printed=_short(printed, _SHORT))


def changes_json(found: Changes) -> dict[str, Any]:
    """The same as JSON; `printed` is null where nobody has typed over a figure."""
    return {
        "changed": [asdict(one) for one in found.changed],
        "mended": [{"tag": one.tag, "old": one.old, "new": one.new} for one in found.mended],
        "tables": [asdict(one) for one in found.tables],
        "kept": [asdict(one) for one in found.kept],
        "left_alone": [{"tag": tag, "reason": reason} for tag, reason in found.left_alone],
        "lost": [
            {
                "tag": place.tag,
                "printed": place.printed,
                "new": place.new,
                "standing": list(place.standing),
            }
            for place in found.lost
        ],
        "dropped": list(found.dropped),
    }
