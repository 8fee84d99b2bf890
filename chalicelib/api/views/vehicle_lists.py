"""
Lists of §6 as officers see them, and as clerks get them back.
"""

from collections.abc import Sequence

from chalicelib import wiring
from chalicelib.api.answers import Document
from chalicelib.api.languages import Language
from chalicelib.api.middleware import XLSX
from chalicelib.api.paging import page_of
from chalicelib.api.schemas.base import Page, WholeQuery
from chalicelib.api.schemas.vehicle_lists import RowErrorView, VehicleListDetail, VehicleListPage, VehicleListView
from chalicelib.domain.vehicle_lists import MOST_ROWS, ListPart, RowFault, VehicleList
from chalicelib.gateways.list_files.writing import write_csv, write_xlsx
from chalicelib.usecases import ports


def list_view(list_: VehicleList) -> VehicleListView:
    """
    Show a list.
    """
    return VehicleListView(**_shown(list_))


def _shown(list_: VehicleList) -> dict[str, object]:
    names = ("id", "status", "checkpoint", "class_", "sender", "received_on", "uploaded_at", "uploaded_by", "rows")
    decided = ("decided_at", "decided_by", "reason")
    shown = {name: getattr(list_, name) for name in (*names, *decided)}
    return {**shown, "sender_bin": list_.sender_number, "errors": list_.faults}


def list_page(page: ports.Page[VehicleList]) -> VehicleListPage:
    """
    Show a page of lists.
    """
    return VehicleListPage(items=[list_view(list_) for list_ in page.items], next_cursor=page.next_cursor)


def list_detail(list_: VehicleList, parts: Sequence[ListPart], *, query: WholeQuery, language: Language) -> VehicleListDetail:
    """
    Show a list with a page of its errors.
    """
    faults, further = page_of([fault for part in parts for fault in part.faults], query)
    report = Page[RowErrorView](items=[_error(fault, language) for fault in faults], next_cursor=further)
    return VehicleListDetail(**_shown(list_), report=report)


def _error(fault: RowFault, language: Language) -> RowErrorView:
    return RowErrorView(row=fault.row, column=fault.column, code=fault.code, message=wiring.law().list_fault(fault, language.value))


def report(list_: VehicleList, parts: Sequence[ListPart], *, kind: str, language: Language) -> Document:
    """
    Write the list as it came with a column that says what to mend in each row, to be handed back to the clerk.
    """
    texts = wiring.law().lists()
    headings = [texts.words["row"][language.value], *texts.headings(language.value), texts.words["error"][language.value]]
    rows = list(_report_rows(parts, language))
    name = f"{list_.id}.{kind}"
    if kind == "csv":
        return Document(write_csv(headings, rows), "text/csv; charset=utf-8", name)
    return Document(write_xlsx((texts.words["sheet"][language.value], headings, rows)), XLSX, name)


def _report_rows(parts: Sequence[ListPart], language: Language) -> Sequence[Sequence[str]]:
    cells = {row.row: row.cells for part in parts for row in part.rows}
    said: dict[int, list[str]] = {row: [] for row in cells}
    for part in parts:
        for fault in part.faults:
            said.setdefault(fault.row, []).append(wiring.law().list_fault(fault, language.value))
    blank = ("",) * len(wiring.law().lists().columns)
    return [(str(row), *cells.get(row, blank), " ".join(said[row])) for row in sorted(said)]


def template(*, lead_days: int, language: Language) -> Document:
    """
    Write an empty list with its headings, and beside it how to fill it in.
    """
    texts = wiring.law().lists()
    guidance = [[line.format(days=lead_days, most=MOST_ROWS)] for line in texts.guidance[language.value]]
    headings = texts.headings(language.value)[:5]
    guide = (texts.words["guide"][language.value], [texts.words["guide"][language.value]], guidance)
    content = write_xlsx((texts.words["sheet"][language.value], headings, ()), guide)
    return Document(content, XLSX, "vehicle-list.xlsx", cache="private, max-age=3600")
