"""
What the use cases need of the outside, as Protocols. Stores keep values of `chalicelib.domain`; every aggregate carries its version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from chalicelib.contracts.boards import BoardView
from chalicelib.contracts.commands import Command
from chalicelib.domain.bookings import Booking, Step
from chalicelib.domain.money import Posting, Settlement, Wallet
from chalicelib.domain.payments import IntentStatus, PaymentEvent, PaymentIntent
from chalicelib.domain.places import Place
from chalicelib.domain.plans import DayPlan, Position
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
    PaymentAttempt,
    Quota,
    RequestRecord,
    Session,
)
from chalicelib.domain.registers import Answer, Question
from chalicelib.domain.vehicles import MissRecord, VehicleLock

T = TypeVar("T")

Item = (
    Booking
    | Place
    | DayPlan
    | VehicleLock
    | MissRecord
    | HoldCount
    | Posting
    | Wallet
    | Settlement
    | Event
    | OutboxMessage
    | RequestRecord
    | PaymentAttempt
    | Account
    | Challenge
    | Session
    | Quota
    | Passage
    | GatewayState
    | Load
    | BoardState
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


class Places(Protocol):
    """
    Plans and touched places.
    """

    def plan(self, checkpoint: str, day: date) -> DayPlan | None: ...
    def plans(self, checkpoint: str, *, first: date, last: date) -> Sequence[DayPlan]: ...
    def touched(self, checkpoint: str, day: date, *, consistent: bool) -> Mapping[Position, Place]: ...
    def place(self, checkpoint: str, day: date, position: Position) -> Place | None: ...
    def loads(self, checkpoint: str, *, first: date, last: date) -> Sequence[Load]: ...
    def load(self, checkpoint: str, day: date) -> Load | None: ...


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
    Wallets and postings.
    """

    def wallet(self, account: str) -> Wallet: ...
    def postings(self, account: str, *, limit: int, cursor: str | None) -> Page[Posting]: ...
    def has_posting(self, *, wallet: str, posting: str) -> bool: ...
    def of_day(self, day: date, checkpoint: str) -> Sequence[Posting]: ...
    def settlement(self, day: date) -> Settlement | None: ...
    def settlements(self, *, limit: int, cursor: str | None) -> Page[Settlement]: ...
    def attempt(self, attempt: str) -> PaymentAttempt | None: ...


class Histories(Protocol):
    """
    Events of an aggregate in order, and of a checkpoint's day.
    """

    def of_aggregate(self, aggregate: str) -> Sequence[Event]: ...
    def event(self, event: str) -> Event | None: ...


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
    def challenge(self, challenge: str) -> Challenge | None: ...
    def session(self, session: str) -> Session | None: ...
    def quota(self, key: str) -> Quota | None: ...


class Passages(Protocol):
    """
    What gateways reported.
    """

    def gateway(self, checkpoint: str) -> GatewayState: ...
    def gateways(self) -> Sequence[GatewayState]: ...
    def has(self, *, checkpoint: str, journal: str, sequence: int, day: date) -> bool: ...
    def recent(self, checkpoint: str, *, day: date, limit: int) -> Sequence[Passage]: ...
    def board(self, checkpoint: str) -> BoardState | None: ...


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """
    Personal data under a pseudonymous id: `kind` is `account`, `owner` or `driver`; `fields` hold names, iin, phone, document …
    """

    id: str
    kind: str
    fields: Mapping[str, Any]


class PersonalDataUnavailableError(Exception):
    """
    The personal data store does not answer; everything after `verified` goes on without it.
    """


class PersonalDataStore(Protocol):
    """
    The only room for citizens' personal data: ids outside, data inside; where it stands is a deployment choice.
    """

    def put(self, people: Sequence[PersonRecord]) -> None: ...
    def get_many(self, ids: Sequence[str], *, purpose: str) -> Mapping[str, PersonRecord]: ...
    def find(self, *, kind: str, keyed_hash: str) -> str | None: ...
    def claim(self, *, kind: str, keyed_hash: str, person: PersonRecord) -> str:
        """
        Store a person under a unique keyed hash; the id already there wins.
        """

    def erase(self, ids: Sequence[str]) -> None: ...


class Registers(Protocol):
    """
    The state registers of §18, asked in parallel; a silent one answers `unavailable`, never an exception.
    """

    def ask(self, questions: Sequence[Question]) -> Sequence[Answer]: ...


class Messenger(Protocol):
    """
    One way to reach a person: SMS or push. Raises `UnableToSendError`; a repeated `message_id` is sent once.
    """

    def send(self, *, to: str, text: str, message_id: str) -> None: ...


class DeviceLink(Protocol):
    """
    The cloud's end of the gateways' topics and shadows.
    """

    def publish_admissions(self, *, checkpoint: str, version: int, text: str, token: str) -> None: ...
    def publish_board(self, view: BoardView) -> None: ...
    def publish_command(self, *, checkpoint: str, command: Command) -> None: ...
    def acknowledge(self, *, checkpoint: str, journal: str, upto: int) -> None: ...
    def grant_photo(self, *, checkpoint: str, sha256: str, url: str | None, expires_at: datetime) -> None: ...


class Photos(Protocol):
    """
    Photographs in object storage; links live 60 s.
    """

    def has(self, *, checkpoint: str, sha256: str) -> bool: ...
    def upload_link(self, *, checkpoint: str, sha256: str, size: int) -> str: ...
    def link(self, *, checkpoint: str, sha256: str) -> str: ...


class Signer(Protocol):
    """
    Compact ES256 tokens: access tokens, passes, admission manifests.
    """

    def sign(self, claims: Mapping[str, Any], *, typ: str) -> str: ...


class IssuedToken(Protocol):
    """
    An access token and the seconds it lives.
    """

    @property
    def token(self) -> str: ...
    @property
    def expires_in(self) -> int: ...


class TokenIssuer(Protocol):
    """
    Issues access tokens that say who, never what rights.
    """

    def issue(self, *, account: str, session: str | None = None) -> IssuedToken: ...


class Clock(Protocol):
    """
    Business time, movable on one machine, and the wall's.
    """

    def now(self) -> datetime: ...
    def wall(self) -> datetime: ...


class Chance(Protocol):
    """
    Randomness as a dependency: ids, codes, waits and draws.
    """

    def id(self, prefix: str) -> str: ...
    def secret(self) -> str: ...
    def wait(self, least: timedelta, most: timedelta) -> timedelta: ...
    def draw(self) -> float: ...


class KeyedHash(Protocol):
    """
    A keyed hash of personal values and bodies, hex.
    """

    def of(self, value: str) -> str: ...


class PaymentProvider(Protocol):
    """
    The card payment provider; every call that moves money carries our own attempt id as its idempotency key.

    Raises the errors of `chalicelib.domain.payments`.
    """

    def open_intent(self, *, attempt: str, amount: int, purpose: str, account: str, booking: str | None) -> PaymentIntent: ...
    def find_intent(self, *, intent: str) -> PaymentIntent: ...
    def cancel_intent(self, *, intent: str) -> IntentStatus: ...
    def refund(self, *, attempt: str, intent: str, amount: int) -> str: ...
    def parse_webhook(self, *, payload: bytes, signature: str) -> PaymentEvent: ...
