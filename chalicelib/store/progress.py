"""
How far the long walks of steps have come.
"""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.domain.progress import Progress
from chalicelib.store.attributes import InstantAttribute
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row


class ProgressRow(Row):
    """
    One step's walk.
    """

    step = UnicodeAttribute(hash_key=True)
    mark = UnicodeAttribute()
    cursor = UnicodeAttribute(null=True)
    looked = NumberAttribute()
    changed = NumberAttribute()
    at = InstantAttribute(null=True)


PROGRESS = Kind(Progress, ProgressRow, "progress")


class StoredWalks:
    """
    The port `Walks`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def progress(self, step: str) -> Progress:
        """
        Read a step's walk, consistently; version 0 where it never began.
        """
        return self._reader.get(PROGRESS, step) or Progress(step)
