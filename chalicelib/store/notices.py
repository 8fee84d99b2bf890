"""
What lies in the cabinets: notices by account, newest last; and the links by which drivers follow a booking and others pay for it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pynamodb.attributes import NumberAttribute, TTLAttribute, UnicodeAttribute

from chalicelib.domain.driver_links import DriverLink, LinkToken
from chalicelib.domain.notices import Notification
from chalicelib.domain.payment_links import PaymentLink
from chalicelib.store.attributes import InstantAttribute, ValueAttribute
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row
from chalicelib.usecases.ports import Page


class NotificationRow(Row):
    """
    One notice in a cabinet.
    """

    account = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    at = InstantAttribute()
    template = UnicodeAttribute()
    figures = ValueAttribute(Mapping[str, str | int | None])
    keep_until = InstantAttribute()
    booking = UnicodeAttribute(null=True)
    read_at = InstantAttribute(null=True)
    forget_at = TTLAttribute()


class DriverLinkRow(Row):
    """
    One right to follow a booking.
    """

    key = UnicodeAttribute(hash_key=True)
    booking = UnicodeAttribute()
    person = UnicodeAttribute(null=True)
    generation = NumberAttribute()
    created_at = InstantAttribute()
    revoked_at = InstantAttribute(null=True)


class LinkTokenRow(Row):
    """
    What a token opens.
    """

    hash = UnicodeAttribute(hash_key=True)
    link = UnicodeAttribute()
    generation = NumberAttribute()
    created_at = InstantAttribute()


class PaymentLinkRow(Row):
    """
    One right to pay for a booking.
    """

    booking = UnicodeAttribute(hash_key=True)
    generation = NumberAttribute()
    created_at = InstantAttribute()
    revoked_at = InstantAttribute(null=True)
    attempt = UnicodeAttribute(null=True)


def _of_notification(notification: Notification) -> Mapping[str, object]:
    return {"forget_at": notification.keep_until}


NOTIFICATION = Kind(Notification, NotificationRow, "notifications", _of_notification)
DRIVER_LINK = Kind(DriverLink, DriverLinkRow, "driver_links")
LINK_TOKEN = Kind(LinkToken, LinkTokenRow, "link_tokens")
PAYMENT_LINK = Kind(PaymentLink, PaymentLinkRow, "payment_links")


class StoredNotifications:
    """
    The port `Notifications`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_account(self, account: str, *, now: datetime, limit: int, cursor: str | None) -> Page[Notification]:
        """
        List an account's notices, newest first. The engine forgets late or never: one past its time is left out.
        """
        page = self._reader.page(NOTIFICATION, account, limit=limit, cursor=cursor)
        kept = [NOTIFICATION.from_row(row) for row in page.items if now < row.keep_until]
        return Page(kept, page.next_cursor)

    def notification(self, account: str, notification: str) -> Notification | None:
        """
        Read one of an account's notices, consistently.
        """
        return self._reader.get(NOTIFICATION, account, notification)


class StoredLinks:
    """
    The port `DriverLinks`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def links(self, keys: Sequence[str]) -> Mapping[str, DriverLink]:
        """
        Read links by key, consistently.
        """
        return {link.key: link for link in self._reader.get_many(DRIVER_LINK, keys)}

    def token(self, token_hash: str) -> LinkToken | None:
        """
        Read what a token opens, consistently.
        """
        return self._reader.get(LINK_TOKEN, token_hash)


class StoredPaymentLinks:
    """
    The port `PaymentLinks`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def link(self, booking: str) -> PaymentLink | None:
        """
        Read a booking's link, consistently.
        """
        return self._reader.get(PAYMENT_LINK, booking)
