"""
How what changes together is written: versioned items, all or nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from chalicelib.domain.bank_lines import BankLine, Statement, StatementPart
from chalicelib.domain.bookings import Booking
from chalicelib.domain.complaints import Complaint
from chalicelib.domain.consents import Consent
from chalicelib.domain.counting import FlowRecord
from chalicelib.domain.crossings import Crossings
from chalicelib.domain.driver_links import DriverLink, LinkToken
from chalicelib.domain.identity import IdentitySession
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.measures import Measure
from chalicelib.domain.money import Posting, Wallet
from chalicelib.domain.notices import Notification
from chalicelib.domain.payment_links import PaymentLink
from chalicelib.domain.payments import PaymentAttempt
from chalicelib.domain.places import Place
from chalicelib.domain.plans import DayPlan
from chalicelib.domain.policies import PolicyRow
from chalicelib.domain.progress import Progress
from chalicelib.domain.provider import Bookmark, Payer
from chalicelib.domain.reconciliation import Difference
from chalicelib.domain.records import (
    Account,
    BoardState,
    Challenge,
    Event,
    GatewayState,
    HoldCount,
    Load,
    OutboxMessage,
    Passage,
    Quota,
    RequestRecord,
    Session,
)
from chalicelib.domain.refunds import Refund
from chalicelib.domain.remittance import Download, Export
from chalicelib.domain.settlements import Balance, Settlement
from chalicelib.domain.site_notes import SiteNotes
from chalicelib.domain.vehicle_lists import ListEntry, ListPart, VehicleList
from chalicelib.domain.vehicles import MissRecord, VehicleLock

T = TypeVar("T")

Item = (
    Booking
    | Place
    | DayPlan
    | PolicyRow
    | Crossings
    | Measure
    | VehicleLock
    | MissRecord
    | HoldCount
    | Posting
    | Wallet
    | Settlement
    | Balance
    | Export
    | Download
    | Event
    | OutboxMessage
    | RequestRecord
    | PaymentAttempt
    | Invoice
    | Refund
    | Payer
    | Bookmark
    | Statement
    | StatementPart
    | BankLine
    | Difference
    | Account
    | Complaint
    | Challenge
    | Session
    | Quota
    | Passage
    | GatewayState
    | Load
    | BoardState
    | SiteNotes
    | VehicleList
    | ListPart
    | ListEntry
    | FlowRecord
    | Notification
    | Consent
    | IdentitySession
    | DriverLink
    | LinkToken
    | PaymentLink
    | Progress
)


@dataclass(frozen=True, slots=True)
class Write:
    """
    Put an item whose stored version must be `seen`; 0: it must not exist yet.
    """

    item: Item
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Remove:
    """
    Take an item away whose stored version must be `seen`.
    """

    item: Item
    seen: int


@dataclass(frozen=True, slots=True)
class Committed:
    """
    All of it was written.
    """


@dataclass(frozen=True, slots=True)
class Conflict:
    """
    Nothing was written: the named kinds of items (`Place`, `Booking`, …) were not as seen.
    """

    kinds: frozenset[str]


class StoreBusyError(Exception):
    """
    The store would not take it after five tries: conflicts, throttling or no answer. 503, try again.
    """


class TornReadError(StoreBusyError):
    """
    What was read one after another does not fit together: somebody changed it in between. Nothing was written; looking anew will tell.
    """


class Committer(Protocol):
    """
    One transaction of everything that changes together.
    """

    def commit(self, *writes: Write | Remove) -> Committed | Conflict:
        """
        Write all or nothing. Each item may appear once. Raises `StoreBusyError`.
        """


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """
    A page of a list and where the next one starts.
    """

    items: Sequence[T]
    next_cursor: str | None = None
