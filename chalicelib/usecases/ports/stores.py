"""
What is kept: stores of `chalicelib.domain` values; every aggregate carries its version.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain.bank_lines import BankLine, LineState, Statement, StatementPart
from chalicelib.domain.bookings import Booking
from chalicelib.domain.complaints import Complaint, ComplaintStatus
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
from chalicelib.domain.plans import DayPlan, Position
from chalicelib.domain.policies import PolicyRow
from chalicelib.domain.progress import Progress
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
from chalicelib.domain.schedule import NextStep, Step
from chalicelib.domain.settlements import Balance, Settlement
from chalicelib.domain.site_notes import SiteNotes
from chalicelib.domain.vehicle_lists import ListEntry, ListPart, ListStatus, VehicleList
from chalicelib.domain.vehicles import MissRecord, VehicleLock
from chalicelib.usecases.ports.writing import Page


class Bookings(Protocol):
    """
    Bookings by id (consistent) and by their indexes (eventual, for display and for finding work only).
    """

    def get(self, booking: str) -> Booking | None: ...
    def get_many(self, bookings: Sequence[str]) -> Sequence[Booking]: ...
    def of_account(self, account: str, *, limit: int, cursor: str | None) -> Page[Booking]: ...
    def of_day(self, checkpoint: str, day: date) -> Sequence[Booking]: ...
    def find(self, *, plate: str | None = None, vin: str | None = None, number: str | None = None) -> Sequence[Booking]: ...
    def due(self, step: Step, *, shard: int, until: datetime, limit: int) -> Sequence[str]: ...
    def next_due(self, step: Step, *, shard: int) -> datetime | None: ...
    def waiting(self, step: Step, *, shard: int, limit: int, cursor: str | None) -> Page[str]:
        """
        Name all bookings that wait for a step, whenever, last first; eventual.
        """

    def planned(self, bookings: Sequence[str]) -> Mapping[str, NextStep | None]:
        """
        Tell what each was last written to wait for, consistently, whatever the figures say today.
        """


class Places(Protocol):
    """
    Plans and touched places.
    """

    def plan(self, checkpoint: str, day: date) -> DayPlan | None: ...
    def plans(self, checkpoint: str, *, first: date, last: date) -> Sequence[DayPlan]: ...
    def plans_on(self, checkpoints: Sequence[str], day: date) -> Sequence[DayPlan]: ...
    def touched(self, checkpoint: str, day: date, *, consistent: bool) -> Mapping[Position, Place]: ...
    def place(self, checkpoint: str, day: date, position: Position) -> Place | None: ...
    def loads(self, checkpoint: str, *, first: date, last: date) -> Sequence[Load]: ...
    def load(self, checkpoint: str, day: date) -> Load | None: ...


class CrossingCounts(Protocol):
    """
    Vehicles that crossed, by checkpoint and day; for display.
    """

    def of_period(self, checkpoint: str, *, first: date, last: date) -> Sequence[Crossings]: ...


class Policies(Protocol):
    """
    What was decided from a day on, by scope, consistent.
    """

    def of_scope(self, scope: str) -> Sequence[PolicyRow]: ...


class Measures(Protocol):
    """
    What officers ordered over a period: consistent by checkpoint; `due` and `next_due` are for finding work only.
    """

    def measure(self, checkpoint: str, measure: str) -> Measure | None: ...
    def of_checkpoint(self, checkpoint: str) -> Sequence[Measure]: ...
    def due(self, *, until: datetime, limit: int) -> Sequence[Measure]: ...
    def next_due(self) -> datetime | None: ...


class Locks(Protocol):
    """
    Vehicle locks, miss records and hold counts, all by key, consistent.
    """

    def locks(self, keys: Sequence[str]) -> Mapping[str, VehicleLock]: ...
    def misses(self, keys: Sequence[str]) -> Mapping[str, MissRecord]: ...
    def holds(self, keys: Sequence[str]) -> Mapping[str, HoldCount]: ...


class Requests(Protocol):
    """
    Answers already given, by account + method + path + key, consistent; older than 24 h are none.
    """

    def find(self, key: str, *, now: datetime) -> RequestRecord | None: ...


class Ledger(Protocol):
    """
    Wallets, postings and closed days. `of_day` goes through postings of any number; `NOWHERE` asks for those of no checkpoint.
    """

    def wallet(self, account: str) -> Wallet: ...
    def postings(self, account: str, *, limit: int, cursor: str | None) -> Page[Posting]: ...
    def has_posting(self, *, wallet: str, posting: str) -> bool: ...
    def of_day(self, day: date, checkpoint: str) -> Iterator[Posting]: ...
    def balance(self, day: date) -> Balance | None: ...
    def charges(self, account: str) -> Sequence[Posting]: ...
    def settlement(self, day: date) -> Settlement | None: ...
    def settlements(self, *, limit: int, cursor: str | None) -> Page[Settlement]: ...
    def attempt(self, attempt: str) -> PaymentAttempt | None: ...
    def attempts(self, attempts: Sequence[str]) -> Sequence[PaymentAttempt]: ...
    def attempt_of_intent(self, intent: str) -> PaymentAttempt | None: ...
    def attempts_due(self, *, until: datetime, limit: int) -> Sequence[PaymentAttempt]: ...


class Invoices(Protocol):
    """
    Invoices for bank transfers: by reference consistently, by account for lists.
    """

    def invoice(self, reference: str) -> Invoice | None: ...
    def of_account(self, account: str, *, limit: int, cursor: str | None) -> Page[Invoice]: ...


class BankBooks(Protocol):
    """
    Statements of the bank and their lines: consistent by key; lists are for display and for finding work only.
    """

    def statement(self, statement: str) -> Statement | None: ...
    def statements(self, *, limit: int, cursor: str | None) -> Page[Statement]: ...
    def part(self, statement: str, number: int) -> StatementPart | None: ...
    def parts(self, statement: str) -> Sequence[StatementPart]: ...
    def like(self, group: str) -> Sequence[BankLine]: ...
    def line(self, group: str, number: int) -> BankLine | None: ...
    def lines(self, keys: Sequence[tuple[str, int]]) -> Sequence[BankLine]: ...
    def waiting(self, state: LineState, *, limit: int, cursor: str | None) -> Page[BankLine]: ...


class Histories(Protocol):
    """
    Events of an aggregate in order, and of a checkpoint's day.
    """

    def of_aggregate(self, aggregate: str) -> Sequence[Event]: ...
    def event(self, event: str) -> Event | None: ...
    def of_day(self, checkpoint: str, day: date) -> Sequence[Event]: ...


class Outbox(Protocol):
    """
    What must still follow its commit.
    """

    def pending(self, *, shard: int, until: datetime, limit: int) -> Sequence[OutboxMessage]: ...
    def next_due(self, *, shard: int) -> datetime | None: ...
    def parked(self, *, limit: int) -> Sequence[OutboxMessage]: ...


class Accounts(Protocol):
    """
    Accounts, sign-in codes, sessions and quotas, consistent by id.
    """

    def account(self, account: str) -> Account | None: ...
    def of_person(self, person: str) -> Account | None: ...
    def heads(self) -> Sequence[Account]: ...
    def challenge(self, challenge: str) -> Challenge | None: ...
    def session(self, session: str) -> Session | None: ...
    def quota(self, key: str) -> Quota | None: ...


class Consents(Protocol):
    """
    Consents of an account, and identity sessions, all by key, consistent.
    """

    def consent(self, account: str, consent: str) -> Consent | None: ...
    def consents(self, account: str, consents: Sequence[str]) -> Sequence[Consent]: ...
    def of_account(self, account: str, *, limit: int, cursor: str | None) -> Page[Consent]: ...
    def session(self, session: str) -> IdentitySession | None: ...
    def sessions(self, sessions: Sequence[str]) -> Sequence[IdentitySession]: ...


class Notifications(Protocol):
    """
    Notices in the accounts' cabinets.
    """

    def of_account(self, account: str, *, now: datetime, limit: int, cursor: str | None) -> Page[Notification]: ...
    def notification(self, account: str, notification: str) -> Notification | None: ...


class DriverLinks(Protocol):
    """
    Links by which drivers follow a booking, and what their tokens open, consistent.
    """

    def links(self, keys: Sequence[str]) -> Mapping[str, DriverLink]: ...
    def token(self, token_hash: str) -> LinkToken | None: ...


class PaymentLinks(Protocol):
    """
    Links by which another person pays, by booking, consistent. Their tokens are found among the drivers'.
    """

    def link(self, booking: str) -> PaymentLink | None: ...


class Complaints(Protocol):
    """
    Complaints to the head: by id consistently, by account and by status for lists.
    """

    def complaint(self, complaint: str) -> Complaint | None: ...
    def of_account(self, account: str, *, limit: int, cursor: str | None) -> Page[Complaint]: ...
    def of_status(self, status: ComplaintStatus, *, limit: int, cursor: str | None) -> Page[Complaint]: ...


class Passages(Protocol):
    """
    What gateways reported.
    """

    def gateway(self, checkpoint: str) -> GatewayState: ...
    def gateways(self) -> Sequence[GatewayState]: ...
    def has(self, *, checkpoint: str, journal: str, sequence: int, day: date) -> bool: ...
    def recent(self, checkpoint: str, *, day: date, limit: int) -> Sequence[Passage]: ...
    def board(self, checkpoint: str) -> BoardState | None: ...
    def notes(self, checkpoint: str) -> SiteNotes: ...

    def after(self, checkpoint: str, *, day: date, journal: str, sequence: int) -> Sequence[Passage]: ...
    def flow(self, checkpoint: str) -> FlowRecord | None: ...


class Walks(Protocol):
    """
    How far steps have come with what takes many runs, consistent; version 0 where one never began.
    """

    def progress(self, step: str) -> Progress: ...


class VehicleLists(Protocol):
    """
    Lists of §6 by id, their rows in parts, and the entries of approved ones by vehicle and day; all consistent but `of_checkpoint`.
    """

    def get(self, list_: str) -> VehicleList | None: ...
    def parts(self, list_: str) -> Sequence[ListPart]: ...
    def part(self, list_: str, number: int) -> ListPart | None: ...
    def of_checkpoint(self, checkpoint: str, *, status: ListStatus | None, limit: int, cursor: str | None) -> Page[VehicleList]: ...
    def entry(self, vehicle: str, day: date) -> ListEntry | None: ...
    def entries(self, keys: Sequence[tuple[str, date]]) -> Sequence[ListEntry]: ...
    def days(self, vehicle: str, *, since: date) -> Sequence[ListEntry]: ...
