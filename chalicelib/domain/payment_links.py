"""
Another person pays for a held booking by a link, seeing only amount and plate: what the link opens, and what it shows (§23, decision 0039).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.bookings import Booking, Status
from chalicelib.domain.driver_links import LinkToken
from chalicelib.domain.payments import AttemptState, PaymentAttempt
from chalicelib.domain.rules import Rules

BY_LINK: Final = "link"
"""The purpose of an attempt that a link has opened."""
WAITING: Final = frozenset({AttemptState.STARTED, AttemptState.OPEN})
"""While an attempt has one of these states its card may still pay."""


@dataclass(frozen=True, slots=True)
class PaymentLink:
    """
    The right to pay for one booking; `attempt` is the last card payment that it has opened.

    The token is derived from booking and generation and kept nowhere; revoking ends a generation, the next one has another token.
    """

    booking: str
    generation: int
    created_at: datetime
    revoked_at: datetime | None = None
    attempt: str | None = None
    version: int = 1

    @property
    def live(self) -> bool:
        """
        Tell whether its latest token was not revoked.
        """
        return self.revoked_at is None


class LinkState(StrEnum):
    """
    What a payer is told: to pay, that it is paid, that his money came too late, that the time is over, or that nothing can be paid now.
    """

    WAITING = "waiting"
    PAID = "paid"
    LATE = "late"
    LAPSED = "lapsed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Payable:
    """
    All that a payer sees: the plate as printed with its country, and while there is something to pay the sum in tiyn and its deadline.
    """

    state: LinkState
    country: str
    plate: str
    at: datetime
    amount: int | None = None
    pay_until: datetime | None = None


def key_of(booking: str) -> str:
    """
    Name a booking's payment link among those that tokens open.
    """
    return f"{booking}#pay"


def booking_of(token: LinkToken | None) -> str | None:
    """
    Name the booking that a token pays for; a driver's token pays for none.
    """
    booking, _, kind = token.link.rpartition("#") if token is not None else ("", "", "")
    return booking if kind == "pay" else None


def opens(*, link: PaymentLink, token: LinkToken, now: datetime, rules: Rules) -> bool:
    """
    Tell whether a token still opens its link: not taken back, and given less than a day ago.
    """
    return link.live and link.generation == token.generation and now < link.created_at + rules.payment_link_kept


def state_of(*, booking: Booking, attempt: PaymentAttempt | None, now: datetime, rules: Rules, open_: bool) -> LinkState:
    """
    Say what became of it. `attempt` is the link's own last one; `open_`: whether the held booking can be paid by card now.
    """
    if booking.confirmed_at is not None:
        return LinkState.PAID
    if attempt is not None and attempt.state is AttemptState.SUCCEEDED:
        return LinkState.LATE
    if booking.status_at(now, rules) is not Status.HELD:
        return LinkState.LAPSED
    return LinkState.WAITING if open_ else LinkState.CLOSED
