"""
Answers already given to idempotent requests, for 24 hours.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from pynamodb.attributes import NumberAttribute, TTLAttribute, UnicodeAttribute

from chalicelib.domain.records import RequestRecord
from chalicelib.store.attributes import InstantAttribute
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row

REMEMBERED: Final = timedelta(hours=24)


class RequestRow(Row):
    """
    One answer.
    """

    key = UnicodeAttribute(hash_key=True)
    body_hash = UnicodeAttribute()
    status = NumberAttribute()
    resource = UnicodeAttribute()
    answer = UnicodeAttribute()
    at = InstantAttribute()
    forget_at = TTLAttribute()


def _of_request(record: RequestRecord) -> Mapping[str, object]:
    return {"forget_at": record.at + REMEMBERED}


REQUEST = Kind(RequestRecord, RequestRow, "requests", _of_request, renewable_after=REMEMBERED)


class StoredRequests:
    """
    The port `Requests`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def find(self, key: str, *, now: datetime) -> RequestRecord | None:
        """
        Read the answer to a key, consistently. The engine forgets late or never: one older than 24 hours is none.
        """
        record = self._reader.get(REQUEST, key)
        return record if record is not None and now - record.at < REMEMBERED else None
