"""
Refunds to cards: each by our own id, those that wait for news by a sparse index.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.domain.refunds import Refund, RefundState
from chalicelib.store.attributes import ChoiceAttribute, InstantAttribute
from chalicelib.store.indexes import index
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row

WAITING: Final = "waiting"


class RefundRow(Row):
    """
    One refund.
    """

    id = UnicodeAttribute(hash_key=True)
    account = UnicodeAttribute()
    payment = UnicodeAttribute()
    intent = UnicodeAttribute()
    amount = NumberAttribute()
    state = ChoiceAttribute(RefundState)
    created_at = InstantAttribute()
    provider_refund = UnicodeAttribute(null=True)
    ask_at = InstantAttribute(null=True)
    waiting = UnicodeAttribute(null=True)

    by_waiting = index("waiting", {"waiting": UnicodeAttribute(hash_key=True), "ask_at": InstantAttribute(range_key=True)}, keys_only=True)


def _of_refund(refund: Refund) -> Mapping[str, object]:
    return {"waiting": WAITING} if refund.ask_at is not None else {}


REFUND = Kind(Refund, RefundRow, "refunds", _of_refund)


class StoredRefunds:
    """
    The port `Refunds`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def refund(self, refund: str) -> Refund | None:
        """
        Read a refund, consistently.
        """
        return self._reader.get(REFUND, refund)

    def refunds(self, refunds: Sequence[str]) -> Sequence[Refund]:
        """
        Read refunds, consistently, in the order asked for.
        """
        return self._reader.get_many(REFUND, refunds)

    def due(self, *, until: datetime, limit: int) -> Sequence[Refund]:
        """
        List refunds without news that are to be asked about by now, longest due first.
        """
        rows: Sequence[Any] = self._reader.rows(REFUND, WAITING, index="waiting", until=("ask_at", until), limit=limit)
        found = self._reader.get_many(REFUND, [row.id for row in rows])
        return [refund for refund in found if refund.ask_at is not None and refund.ask_at <= until]
