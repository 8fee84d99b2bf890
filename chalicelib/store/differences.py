"""
What did not agree with the payment provider or the bank: open ones and those that have cleared, by age.
"""

from collections.abc import Mapping
from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.domain.reconciliation import Cause, Difference
from chalicelib.store.attributes import ChoiceAttribute, InstantAttribute
from chalicelib.store.indexes import index
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row
from chalicelib.usecases.ports import Page

OPEN: Final = "open"
CLEARED: Final = "cleared"


class DifferenceRow(Row):
    """
    One difference.
    """

    id = UnicodeAttribute(hash_key=True)
    side = UnicodeAttribute()
    kind = UnicodeAttribute()
    subject = UnicodeAttribute()
    cause = ChoiceAttribute(Cause)
    ours = NumberAttribute(null=True)
    theirs = NumberAttribute(null=True)
    since = InstantAttribute()
    found_at = InstantAttribute()
    wallet = UnicodeAttribute(null=True)
    posting = UnicodeAttribute(null=True)
    reference = UnicodeAttribute(null=True)
    cleared_at = InstantAttribute(null=True)
    state = UnicodeAttribute()

    by_state = index("by_state", {"state": UnicodeAttribute(hash_key=True), "since": InstantAttribute(range_key=True)}, keys_only=True)


def _of_difference(difference: Difference) -> Mapping[str, object]:
    return {"state": OPEN if difference.cleared_at is None else CLEARED}


DIFFERENCE = Kind(Difference, DifferenceRow, "differences", _of_difference)


class StoredDifferences:
    """
    The port `Differences`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def difference(self, difference: str) -> Difference | None:
        """
        Read a difference, consistently.
        """
        return self._reader.get(DIFFERENCE, difference)

    def listed(self, *, cleared: bool, limit: int, cursor: str | None) -> Page[Difference]:
        """
        List open or cleared differences, the latest first.
        """
        page = self._reader.page(DIFFERENCE, CLEARED if cleared else OPEN, index="by_state", limit=limit, cursor=cursor)
        found = self._reader.get_many(DIFFERENCE, [row.id for row in page.items])
        return Page([each for each in found if (each.cleared_at is not None) is cleared], page.next_cursor)
