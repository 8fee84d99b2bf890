"""
Closed days: their settlements, the ledger's balance at their end, the export of their files, and who took which of them (§24, D29).
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.domain.remittance import Download, Export, FileKind, Requisites
from chalicelib.domain.settlements import Balance, Settlement, SettlementRow
from chalicelib.store.attributes import ChoiceAttribute, DayAttribute, InstantAttribute, ValueAttribute
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row
from chalicelib.usecases.ports import Page

BUDGET: Final = "budget"


class SettlementTableRow(Row):
    """
    One closed day.
    """

    book = UnicodeAttribute(hash_key=True)
    day = DayAttribute(range_key=True)
    closed_at = InstantAttribute()
    due_on = DayAttribute()
    remit_on = DayAttribute()
    rows = ValueAttribute(tuple[SettlementRow, ...])
    funded = NumberAttribute()


class BalanceRow(Row):
    """
    The ledger at one closed day's end.
    """

    book = UnicodeAttribute(hash_key=True)
    day = DayAttribute(range_key=True)
    moved = ValueAttribute(Mapping[str, int])
    totals = ValueAttribute(Mapping[str, int])
    postings = NumberAttribute()
    remitted = NumberAttribute()
    ordered = NumberAttribute()


class ExportRow(Row):
    """
    What one settlement's files were first made with.
    """

    book = UnicodeAttribute(hash_key=True)
    day = DayAttribute(range_key=True)
    made_at = InstantAttribute()
    requisites = ValueAttribute(Requisites)
    sha256 = ValueAttribute(Mapping[str, str])


class DownloadRow(Row):
    """
    One file taken.
    """

    settlement = UnicodeAttribute(hash_key=True)
    day = DayAttribute()
    id = UnicodeAttribute(range_key=True)
    kind = ChoiceAttribute(FileKind)
    account = UnicodeAttribute()
    at = InstantAttribute()
    sha256 = UnicodeAttribute()
    size = NumberAttribute()


def _in_the_book(_: object) -> Mapping[str, object]:
    return {"book": BUDGET}


def _of_its_settlement(download: Download) -> Mapping[str, object]:
    return {"settlement": str(download.day)}


SETTLEMENT = Kind(Settlement, SettlementTableRow, "settlements", _in_the_book)
BALANCE = Kind(Balance, BalanceRow, "balances", _in_the_book)
EXPORT = Kind(Export, ExportRow, "exports", _in_the_book)
DOWNLOAD = Kind(Download, DownloadRow, "downloads", _of_its_settlement)


class StoredRemittances:
    """
    The port `Remittances`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def export(self, day: date) -> Export | None:
        """
        Read what a settlement's files were first made with, consistently.
        """
        return self._reader.get(EXPORT, BUDGET, day)

    def downloads(self, day: date, *, limit: int, cursor: str | None) -> Page[Download]:
        """
        List who took files of a settlement, latest first.
        """
        page = self._reader.page(DOWNLOAD, day.isoformat(), limit=limit, cursor=cursor)
        return Page([DOWNLOAD.from_row(row) for row in page.items], page.next_cursor)
