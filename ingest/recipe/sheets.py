"""Which sheets of a workbook a table stands on."""

from __future__ import annotations

from ingest.read import Refusal, Sheet, Workbook
from ingest.recipe.model import Table
from ingest.recipe.selection import SheetSelection
from ingest.recipe.texts import compiled, is_text, key, parts_found, the_part


def selected_sheets(workbook: Workbook, table: Table) -> list[tuple[Sheet, dict[str, str]]]:
    """The sheets of a table, with what the named groups of a pattern took from each name.

    Raises ``Refusal`` (STR-01) where a named sheet is missing and the table is not optional.
    """
    visible = [sheet for sheet in workbook.sheets if not sheet.hidden]
    wanted = table.sheets
    if wanted == "all":
        return [(sheet, {}) for sheet in visible]
    if isinstance(wanted, SheetSelection):
        return _by_selection(workbook, table, wanted, workbook.sheets if wanted.hidden else visible)
    chosen: list[tuple[Sheet, dict[str, str]]] = []
    for name in wanted:
        sheet = next((s for s in workbook.sheets if s.name == name), None) or next(
            (s for s in workbook.sheets if is_text(s.name, [name])), None
        )
        if sheet is not None:
            chosen.append((sheet, {}))
        elif not table.optional:
            raise _missing(workbook, name)
    return chosen


def _by_selection(
    workbook: Workbook, table: Table, wanted: SheetSelection, candidates: list[Sheet]
) -> list[tuple[Sheet, dict[str, str]]]:
    chosen: list[tuple[Sheet, dict[str, str]]] = []
    if wanted.matching is not None:
        for sheet in candidates:
            match = compiled(wanted.matching).search(sheet.name)
            if match:
                parts = {name: parts_found(wanted.matching, sheet.name, name) for name in match.re.groupindex}
                chosen.append((sheet, {name: the_part(found) for name, found in parts.items() if found}))
    elif wanted.excluding is not None:
        chosen = [(sheet, {}) for sheet in candidates if not is_text(sheet.name, wanted.excluding)]
    elif wanted.position is not None:
        chosen = [(sheet, {}) for sheet in candidates[wanted.position - 1 : wanted.position]]
    if not chosen and not table.optional:
        raise _missing(workbook, str(wanted.matching or wanted.position or "…"))
    return chosen


def _missing(workbook: Workbook, name: str) -> Refusal:
    from rapidfuzz import process

    names = {key(sheet.name): sheet.name for sheet in workbook.sheets}
    near = process.extractOne(key(name), list(names), score_cutoff=50)
    listed = ", ".join(f"«{sheet.name}»" for sheet in workbook.sheets[:12])
    near_vi = f" Gần nhất: «{names[near[0]]}»." if near else ""
    near_en = f" Nearest: «{names[near[0]]}»." if near else ""
    return Refusal(
        "STR-01",
        name,
        None,
        f"{workbook.file_name}: không có trang «{name}»; tệp có {listed}.{near_vi} Hãy đặt lại tên trang như biểu mẫu.",
        f"{workbook.file_name}: there is no sheet «{name}»; the file has {listed}.{near_en} Name the sheet "
        "as in the form.",
    )
