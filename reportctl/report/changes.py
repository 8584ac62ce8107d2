"""What a refresh changes in a report that people have edited, what it leaves alone, and what is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportctl.core.language import N_, _
from reportctl.core.wording import NBSP
from reportctl.report.contents import says_figures
from reportctl.report.movements import ASSESSMENT
from reportctl.report.pictures import KIND
from reportctl.report.table_differences import differences, grid_of, numbers
from reportctl.word.blocks import excerpt
from reportctl.word.content import Tag
from reportctl.word.controls import PLACEHOLDER
from reportctl.word.fill import Control, FilledDocument, FillResult
from reportctl.word.lost import LostPlace
from reportctl.word.merging import Open, kept_share, typed_numbers
from reportctl.word.regions import RegionChange

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TYPED_OVER = 1 / 3  # a sentence that keeps less than this of its words was typed over

_LEFT_ALONE = {
    FillResult.UNKNOWN: N_("this tag is not known"),
    FillResult.MISPLACED: N_(
        "it stands in one line with other words, where it has no room; press Enter before and after it, or "
        "delete it and type {{{{{tag}}}}} alone in a paragraph"
    ),
    FillResult.NESTED: N_(
        "it holds another tagged place, or stands in one; delete it and type {{{{{tag}}}}} in a paragraph of "
        "its own"
    ),
    FillResult.BEYOND: N_(
        "a table or chart has no room in a header, a text box or a note; type {{{{{tag}}}}} in the text "
        "itself"
    ),
    FillResult.NARROW: N_(
        "its cell is too narrow for it; widen the cell, or type {{{{{tag}}}}} outside of that table"
    ),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One figure or text that differs from the ledger's: its place in a table or chart, its text before and
    after; `printed` is what was printed there, where somebody has typed over it, else None. `layout`: it is
    no figure, but how a table is laid out or called, and all that was printed there is still said."""

    tag: str
    where: str
    old: str
    new: str
    printed: str | None = None
    layout: bool = False


@dataclass(frozen=True, slots=True)
class TableChange:
    """A table or chart that differs: what its caption calls it, its title, its rows before and after (of a
    chart its values), and how many of its places differ; of these `cells` are in rows and columns that it had
    and has, or values of a chart, `notes` captions and notes. What was renamed is a pair, before and now;
    `moved`: rows or columns stand in another order."""

    tag: str
    label: str
    title: str
    rows_before: int
    rows_now: int
    places: int
    cells: int = 0
    notes: int = 0
    rows_added: tuple[str, ...] = ()
    rows_dropped: tuple[str, ...] = ()
    rows_renamed: tuple[tuple[str, str], ...] = ()
    columns_added: tuple[str, ...] = ()
    columns_dropped: tuple[str, ...] = ()
    columns_renamed: tuple[tuple[str, str], ...] = ()
    moved: bool = False


@dataclass(frozen=True, slots=True)
class KeptText:
    """A text that somebody edited and that stays; `new` is the text it would have. `outdated`: that has
    changed since it was printed; `typed_over`: hardly anything is left of the sentences that were printed;
    `strange`: numbers that people typed instead of the sentence's own, `added`: in words of theirs beside it;
    `missing`: numbers of the sentence that people took out; `left`: what would have to be changed by hand."""

    tag: str
    text: str
    new: str
    outdated: bool
    strange: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    typed_over: bool = False
    missing: tuple[str, ...] = ()
    left: tuple[Open, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that a filling changed or not: `mended` are texts that somebody had edited and that were
    renewed between the edits; `left_alone` are tags with the reason, `stale`: one of these
    may have other text than it should; `lost` are the places that were printed and are gone, `dropped` the
    tags of those that are gone on purpose."""

    changed: tuple[Change, ...]
    kept: tuple[KeptText, ...]
    left_alone: tuple[tuple[str, str], ...]
    stale: bool
    mended: tuple[Change, ...] = ()
    tables: tuple[TableChange, ...] = ()
    lost: tuple[LostPlace, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def differ(self) -> bool:
        """Whether anything that was printed is not found, or is not what the ledger says."""
        kept = any(each.outdated or each.strange or each.typed_over for each in self.kept)
        changed = any(not change.layout for change in self.changed)
        return changed or bool(self.mended or self.lost) or self.stale or kept

    @property
    def of_text(self) -> tuple[Change, ...]:
        """The changes of figures and texts outside of tables and charts, those of edited texts first."""
        in_tables = {table.tag for table in self.tables}
        return (*self.mended, *(change for change in self.changed if change.tag not in in_tables))


def changes(filled: FilledDocument) -> Changes:
    """The differences, in the order of the document; the same in several places stands once."""
    changed: list[Change] = []
    mended: list[Change] = []
    tables: list[TableChange] = []
    kept: list[KeptText] = []
    left: list[tuple[str, str]] = []
    given_up: list[str] = []
    stale = False
    for control in filled.controls:
        match control.result:
            case FillResult.RENEWED:
                if Tag.parse(control.tag).kind == "table" and not _is_fresh(control):
                    of_this, table = _renewed_table(control)
                    tables += [table] if table else []
                else:
                    of_this = list(_renewed(control))
                    if of_this and Tag.parse(control.tag).kind in ("table", "chart"):
                        tables.append(_of_table(control, of_this))
                changed += of_this
            case FillResult.MENDED | FillResult.KEPT:
                if control.mended is not None:
                    mended.append(Change(control.tag, "", control.text, control.mended))
                kept.append(_kept(control))
            case FillResult.UNKNOWN if control.tag.startswith(KIND) and control.printed is not None:
                left.append((control.tag, _("its file is gone from the workspace; the picture stays")))
            case FillResult() if control.result is not FillResult.DROPPED:
                left.append((control.tag, _(_LEFT_ALONE[control.result]).format(tag=control.tag)))
                ours = control.result is not FillResult.UNKNOWN or control.printed is not None
                stale |= ours and not _alike(control.new or "", control.text)
    for one in filled.regions:
        match one.result:
            case "added":
                changed.append(Change(one.tag, one.key, "", one.text))
            case "removed":
                changed.append(Change(one.tag, one.key, one.text, ""))
            case "dropped":
                given_up.append(one.tag)
            case result:
                left.append((one.tag, _of_region(one)))
                stale |= result != "gone"
    lost = [place for place in filled.lost if not place.dropped and (place.printed or place.new)]
    dropped = [place.tag for place in filled.lost if place.dropped]
    return Changes(
        tuple(dict.fromkeys(changed)),
        tuple(dict.fromkeys(kept)),
        tuple(dict.fromkeys(left)),
        stale,
        tuple(dict.fromkeys(mended)),
        tuple(tables),
        tuple(lost),
        tuple(dict.fromkeys((*dropped, *given_up, *filled.tags(FillResult.DROPPED)))),
    )


def _of_region(one: RegionChange) -> str:
    """Why a part on a condition, or a copy of a repeated one, is not as it would be."""
    what = _("the part for {key}").format(key=one.key) if one.key else _("the part")
    if one.result == "kept":
        sentence = _("{what} is not to be shown any more, but somebody has edited it: “{text}”")
    elif one.result == "missing":
        sentence = _("somebody has taken {what} out: “{text}”; if it is gone on purpose: --drop “{tag}”")
    else:
        sentence = _("somebody has taken {what} out; it stays out")
    return sentence.format(what=what, text=excerpt(one.text), tag=one.tag)


def _is_fresh(control: Control) -> bool:
    """Whether nothing was printed in a control yet."""
    return control.printed is None and PLACEHOLDER.fullmatch(control.text.strip()) is not None


def _renewed(control: Control) -> Iterator[Change]:
    """The changes of a control that was renewed."""
    new = control.new or ""
    if name := control.picture:
        printed_then = _("{picture}, as it was printed").format(picture=name)
        yield Change(
            control.tag, "", printed_then, _("{picture}, which is another one now").format(picture=name)
        )
    if _alike(new, control.text):
        return
    if _is_fresh(control):
        yield Change(control.tag, "", "", new)  # nothing stood there before but the tag itself
        return
    chart = Tag.parse(control.tag).kind == "chart"
    before, now = _cells(control.tag, control.text), _cells(control.tag, new)
    printed = before if control.printed is None else _cells(control.tag, control.printed)
    for where in dict.fromkeys((*now, *before)):
        old, last = before.get(where, ""), printed.get(where, "")
        if not _alike(old, said := now.get(where, "")):
            # Of a chart this is the caption.
            in_words = chart and where == "" and last == old and numbers(old) == numbers(said)
            yield Change(control.tag, where, old, said, None if last == old else last, in_words)


def _kept(control: Control) -> KeptText:
    """What there is to say of a text that somebody edited."""
    new, printed = control.new or "", control.printed or ""
    stands = control.text if control.mended is None else control.mended
    outdated = bool(control.left) or (control.mended is None and _outdated(control, new))
    if control.tag == ASSESSMENT and printed and kept_share(printed, control.text) < _TYPED_OVER:
        return KeptText(control.tag, control.text, new, outdated=False)  # written anew, as it is meant to be
    if not says_figures(control.tag):
        return KeptText(control.tag, control.text, new, outdated, left=control.left)
    # Words are compared with those that the text was edited from.
    strange, added = typed_numbers(printed if outdated else new, stands)
    strange = tuple(number for number in strange if number not in _NUMBER.findall(new))
    typed_over = bool(printed) and kept_share(printed, control.text) < _TYPED_OVER
    there = set(_NUMBER.findall(stands))
    original = _NUMBER.findall(printed if outdated else new)
    missing = tuple(dict.fromkeys(number for number in original if number not in there))
    return KeptText(
        *(control.tag, control.text, new, outdated, strange, added, typed_over, missing, control.left)
    )


def _outdated(control: Control, new: str) -> bool:
    """Whether an edited text in which nothing was renewed differs from what would be printed now."""
    return not any(_alike(new, text) for text in (control.printed or "", control.text))


def _alike(text: str, other: str) -> bool:
    """Whether two texts differ in nothing but where a line may be broken."""
    return text.replace(NBSP, " ") == other.replace(NBSP, " ")


def _of_table(control: Control, changed: Sequence[Change]) -> TableChange:
    """The change of a chart, or of a table that came or went, as a whole."""
    new = control.new or ""
    return TableChange(
        control.tag,
        control.label,
        title_of(control.tag, new),
        size_of(control.tag, control.text),
        size_of(control.tag, new),
        len(changed),
        cells=sum(one.where != "" for one in changed),
        notes=sum(one.where == "" for one in changed),
    )


def _renewed_table(control: Control) -> tuple[list[Change], TableChange | None]:
    """The changes of a table that was renewed, and itself; none and None where it says the same.

    Of what was printed nothing is lost where columns came, or rows and columns were renamed. Where people
    have edited a table, every difference counts.
    """
    text, new = control.text, control.new or ""
    if _alike(text, new):
        return [], None
    tag, before, now = control.tag, grid_of(text), grid_of(new)
    found = differences(before, now)
    edited = control.printed is not None and not _alike(text, control.printed)
    last = grid_of(control.printed or "") if edited else before
    changed = []
    for cell in found.cells:
        printed = last.cells.get(cell.place) if cell.place[0] else cell.old
        changed.append(
            Change(tag, cell.where, cell.old, cell.new, None if printed == cell.old else printed or "")
        )
    for grid, rows in ((now, found.rows_added), (before, found.rows_dropped)):
        for row in rows:
            for column in grid.columns:
                if cell_text := grid.cells.get((row, column), ""):
                    where = row if column == grid.columns[0] else f"{row} · {column}"
                    changed.append(Change(tag, where, *_before_or_now(cell_text, came=grid is now)))
    for grid, columns in ((now, found.columns_added), (before, found.columns_dropped)):
        for column in columns:
            cells = [grid.cells.get((row, column), "") for row in grid.rows]
            words = " | ".join(filter(None, cells)) or "…"
            layout = not edited and (grid is now or not any(map(str.isalnum, words)))
            where = _("column “{title}”").format(title=column)
            changed.append(Change(tag, where, *_before_or_now(words, came=grid is now), layout=layout))
    for was, called in found.columns_renamed:
        changed.append(Change(tag, _("heading"), was, called, layout=not edited))
    for was, called in found.rows_renamed:
        changed.append(Change(tag, _("name of a row"), was, called, layout=not edited))
    same = found.same_lines and not edited
    changed += [Change(tag, line, "", line, layout=same) for line in found.lines_added]
    changed += [Change(tag, line, line, "", layout=same) for line in found.lines_dropped]
    notes = max(len(found.lines_added), len(found.lines_dropped))
    table = TableChange(
        *(tag, control.label, title_of(tag, new), size_of(tag, text), size_of(tag, new), len(changed)),
        *(len(found.cells), notes, found.rows_added, found.rows_dropped, found.rows_renamed),
        *(found.columns_added, found.columns_dropped, found.columns_renamed, found.moved),
    )
    return changed, table


def _before_or_now(words: str, *, came: bool) -> tuple[str, str]:
    return ("", words) if came else (words, "")


def title_of(tag: str, text: str) -> str:
    """The title in the caption of a table or chart, by the text in its control; empty without one."""
    lines = [line for line in text.split("\n") if "\t" not in line]
    chart = Tag.parse(tag).kind == "chart"
    caption = (lines[-1:] if chart else lines[:1] if "\t" not in text.split("\n")[0] else []) or [""]
    return caption[0].partition(". ")[2] if "#" in caption[0] else ""


def size_of(tag: str, text: str) -> int:
    """The number of rows below the head of a table, by the text in its control; of a chart that of its
    values. The rows of a table in several parts are those of the first."""
    lines = text.split("\n")
    if Tag.parse(tag).kind == "chart":
        return sum("\t" in line and len(line.split("\t")) for line in lines)
    rows = 0
    for line, before in zip(lines, ["", *lines], strict=False):
        if "\t" in line and "\t" not in before and rows:
            break  # the head of the next part
        rows += "\t" in line
    return max(rows - 1, 0)


def _cells(tag: str, text: str) -> dict[str, str]:
    """The text of a control by place: a chart's values by number, else the whole under ""."""
    if Tag.parse(tag).kind != "chart":
        return {"": text}
    values, *caption = text.split("\n")
    numbered = {str(number): value for number, value in enumerate(values.split("\t"), 1)}
    return numbered | {"": " ".join(caption)}
