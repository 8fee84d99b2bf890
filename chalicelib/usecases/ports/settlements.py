"""
What finance's work needs of the store beside the ledger: exports and who took them, and everything there is, for the audit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from chalicelib.domain.money import Posting
from chalicelib.domain.remittance import Download, Export
from chalicelib.usecases.ports.writing import Page

T = TypeVar("T")


class Remittances(Protocol):
    """
    What settlements' files were first made with (consistent), and who took them, latest first.
    """

    def export(self, day: date) -> Export | None: ...
    def downloads(self, day: date, *, limit: int, cursor: str | None) -> Page[Download]: ...


@dataclass(frozen=True, slots=True)
class UnreadableItem:
    """
    A row that is no item: of which kind, under which key, and why.
    """

    kind: str
    key: str
    fault: str


class Scans(Protocol):
    """
    Everything there is of a kind, in no order, page by page, consistent row by row; for export and audit alone.
    """

    def scan(self, type_: type[T]) -> Iterator[T | UnreadableItem]: ...
    def postings_of(self, wallet: str) -> Iterator[Posting]: ...
