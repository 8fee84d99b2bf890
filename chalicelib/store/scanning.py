"""
Whole tables, read for export and audit alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from chalicelib.domain.money import Posting, UnbalancedPostingError
from chalicelib.store.database import Database
from chalicelib.store.ledger import POSTING
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row
from chalicelib.usecases.ports import UnreadableItem

T = TypeVar("T")
PAGE: Final = 1000


class StoredScans:
    """
    The port `Scans`.
    """

    def __init__(self, database: Database, kinds: Sequence[Kind[Any]]) -> None:
        self._database = database
        self._reader = Reader(database)
        self._kinds: Mapping[type, Kind[Any]] = {kind.item: kind for kind in kinds}

    def scan(self, type_: type[T]) -> Iterator[T | UnreadableItem]:
        """
        Go through all items of a type; a row that is none, or a posting that does not sum to zero, comes as `UnreadableItem`.
        """
        kind = self._kinds[type_]
        bound = self._database.bound(kind.row)
        start: dict[str, Any] | None = None
        while True:
            found, start = self._database.repeat(lambda start=start: _page(bound, start))  # type: ignore[misc]
            for row in found:
                yield _item(kind, row)
            if start is None:
                return

    def postings_of(self, wallet: str) -> Iterator[Posting]:
        """
        Go through a wallet's postings by its partition, consistently; those that cannot be read are left to `scan`.
        """
        for row in self._reader.rows(POSTING, wallet, consistent=True):
            found = _item(POSTING, row)
            if not isinstance(found, UnreadableItem):
                yield found


def _page(row: type[Row], start: dict[str, Any] | None) -> tuple[list[Any], dict[str, Any] | None]:
    found = row.scan(limit=PAGE, page_size=PAGE, last_evaluated_key=start, consistent_read=True)
    return list(found), found.last_evaluated_key


def _item(kind: Kind[T], row: Row) -> T | UnreadableItem:
    try:
        return kind.from_row(row)
    except (UnbalancedPostingError, TypeError, ValueError) as error:
        keys = "/".join(str(key) for key in row._get_serialized_keys() if key is not None)  # noqa: SLF001  no public word for it
        return UnreadableItem(kind.item.__name__, keys, type(error).__name__)
