"""
Crossings counted by checkpoint and day.
"""

from collections.abc import Sequence
from datetime import date

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.domain.crossings import Crossings
from chalicelib.store.attributes import DayAttribute, InstantAttribute
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row


class CrossingsRow(Row):
    """
    One day's count.
    """

    checkpoint = UnicodeAttribute(hash_key=True)
    day = DayAttribute(range_key=True)
    crossed = NumberAttribute()
    as_of = InstantAttribute()


CROSSINGS = Kind(Crossings, CrossingsRow, "crossings")


class StoredCrossings:
    """
    The port `CrossingCounts`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_period(self, checkpoint: str, *, first: date, last: date) -> Sequence[Crossings]:
        """
        Read the counts of a period, both days included.
        """
        return self._reader.items(CROSSINGS, checkpoint, since=("day", first), until=("day", last))
