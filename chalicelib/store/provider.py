"""
Payers and bookmarks: what is remembered of the payment provider.
"""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.domain.provider import Bookmark, Payer
from chalicelib.store.attributes import InstantAttribute
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row


class PayerRow(Row):
    """
    One account at the provider.
    """

    account = UnicodeAttribute(hash_key=True)
    created_at = InstantAttribute()
    customer = UnicodeAttribute(null=True)


class BookmarkRow(Row):
    """
    How far something was read.
    """

    id = UnicodeAttribute(hash_key=True)
    at = InstantAttribute()


PAYER = Kind(Payer, PayerRow, "payers")
BOOKMARK = Kind(Bookmark, BookmarkRow, "bookmarks")


class StoredPayers:
    """
    The port `Payers`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def payer(self, account: str) -> Payer | None:
        """
        Read an account's payer, consistently.
        """
        return self._reader.get(PAYER, account)


class StoredBookmarks:
    """
    The port `Bookmarks`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def bookmark(self, bookmark: str) -> Bookmark | None:
        """
        Read a bookmark, consistently.
        """
        return self._reader.get(BOOKMARK, bookmark)
