"""
A driver follows one booking by a link, without signing in: what opens it, and until when.
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.bookings import EXPECTED, Booking, Status
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import no_show_at

ANYBODY: Final = "any"
TOKEN_BYTES: Final = 16
"""128 bits: nobody finds one by trying, and it still fits a text message."""
FOLLOWED: Final = frozenset({*EXPECTED, Status.ADMITTED})
"""While a booking has one of these statuses its drivers follow it, and their notices carry the link."""


@dataclass(frozen=True, slots=True)
class DriverLink:
    """
    The right to follow one booking. `key` is `booking#person`, or `booking#any` for whoever drives.

    The token is derived from key and generation and kept nowhere; revoking ends a generation, the next one has another token.
    """

    key: str
    booking: str
    person: str | None
    generation: int
    created_at: datetime
    revoked_at: datetime | None = None
    version: int = 1

    @property
    def live(self) -> bool:
        """
        Tell whether its latest token was not revoked.
        """
        return self.revoked_at is None


@dataclass(frozen=True, slots=True)
class LinkToken:
    """
    Which link a token opens, by the token's hash (hex); good while the link's generation is its own.
    """

    hash: str
    link: str
    generation: int
    created_at: datetime
    version: int = 1


def key_of(*, booking: str, person: str | None) -> str:
    """
    Name the link of a driver, or of whoever drives.
    """
    return f"{booking}#{person or ANYBODY}"


def token_of(keyed_hex: str) -> str:
    """
    Spell the first 128 bits of a keyed hash as 22 characters that stand in an address unescaped.
    """
    return urlsafe_b64encode(bytes.fromhex(keyed_hex)[:TOKEN_BYTES]).decode().rstrip("=")


def hash_of(token: str) -> str:
    """
    Hash a token; it is random enough to need no key.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def ends_at(*, booking: Booking, now: datetime, rules: Rules) -> datetime:
    """
    Give the end of a booking's links: a day after its own end; while it runs, a day after it will end at the latest as things stand.
    """
    if booking.ended_at is not None:
        return booking.ended_at + rules.driver_link_kept
    last = no_show_at(booking, rules) if booking.status in EXPECTED and booking.slot_end is not None else now
    return max(last, now) + rules.driver_link_kept


def opens(*, link: DriverLink, token: LinkToken, booking: Booking, now: datetime, rules: Rules) -> bool:
    """
    Tell whether a token still opens its booking: not revoked, not over for a day, and its driver still one of the booking's.
    """
    drives = link.person is None or any(driver.person == link.person for driver in booking.drivers)
    running = booking.status in FOLLOWED or booking.ended_at is not None
    return link.live and link.generation == token.generation and drives and running and now < ends_at(booking=booking, now=now, rules=rules)
