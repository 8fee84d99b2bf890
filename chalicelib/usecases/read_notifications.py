"""
The cabinet's list of notices (§29, §34): figures as they were told, worded in the language of whoever reads.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.bookings import Booking
from chalicelib.domain.notices import Notification, figures_of
from chalicelib.domain.rules import Rules
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, Notifications, Page, StoreBusyError, Write

MOST_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class NotificationSeen:
    """
    A notice with everything its words may ask for.
    """

    notification: Notification
    figures: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class ReadNotifications:
    """
    `GET /v1/me/notifications`, `POST /v1/me/notifications/{id}/read`.
    """

    committer: Committer
    notifications: Notifications
    bookings: Bookings
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def mine(self, *, account: str, limit: int, cursor: str | None) -> Page[NotificationSeen]:
        """
        List an account's notices, newest first. Raises `InvalidCursorError`.
        """
        page = self.notifications.of_account(account, now=self.clock.now(), limit=limit, cursor=cursor)
        named = dict.fromkeys(each.booking for each in page.items if each.booking is not None)
        known = {booking.id: booking for booking in self.bookings.get_many(list(named))}
        return Page([self._seen(each, known.get(each.booking or "")) for each in page.items], page.next_cursor)

    def read(self, *, account: str, notification: str) -> NotificationSeen | Missing:
        """
        Mark one as read, for good; another's is unknown. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            seen = self.notifications.notification(account, notification)
            now = self.clock.now()
            if seen is None or seen.keep_until <= now:
                return Missing()
            after = seen if seen.read_at is not None else replace(seen, read_at=now, version=seen.version + 1)
            if after is seen or isinstance(self.committer.commit(Write(after, seen.version)), Committed):
                return self._seen(after, self.bookings.get(after.booking) if after.booking else None)
        raise StoreBusyError("notification")

    def _seen(self, notification: Notification, booking: Booking | None) -> NotificationSeen:
        told = {name: value for name, value in notification.figures.items() if value is not None}
        if booking is None:
            return NotificationSeen(notification, told)
        rules = self.rules_on(notification.at)
        return NotificationSeen(notification, figures_of(booking=booking, told=told, rules=rules, as_now=False))
