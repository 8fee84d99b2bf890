"""
What is written beside an aggregate in its own transaction: the event, what must follow a commit, and the answer already given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.blocks import Block
from chalicelib.domain.rules import Rules


@dataclass(frozen=True, slots=True)
class Event:
    """
    Who did what to which aggregate on what ground. `by` is `user`, `payer` (by a payment link), `officer:<id>`, `gateway:<checkpoint>`, `system` or `provider`.

    `detail` holds figures and codes only, never personal data; `change` the fields that a booking's event changed, in full at the first.
    """

    id: str
    aggregate: str
    aggregate_version: int
    checkpoint: str
    day: date
    kind: str
    at: datetime
    by: str
    ground: str | None = None
    detail: Mapping[str, str | int | None] = field(default_factory=dict)
    change: Mapping[str, object] = field(default_factory=dict)


class Task(StrEnum):
    """
    What can follow a commit: `notify` spreads a notice into one `tell` for each recipient.
    """

    NOTIFY = "notify"
    TELL = "tell"
    VERIFY = "verify"
    ADMISSIONS = "admissions"
    BOARD = "board"
    COMMAND = "command"
    LOAD = "load"
    CANCEL_INTENT = "cancel_intent"
    REFUND = "refund"
    CONSENT = "consent"
    LIST_PART = "list_part"
    STANDING = "standing"
    FORGET = "forget"
    STATEMENT = "statement"
    PHOTOGRAPHS = "photographs"


MOST_TRIES = 10


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """
    One thing that must follow a commit, delivered at least once, in order of its aggregate's versions. `payload` holds ids and figures.
    """

    id: str
    task: Task
    aggregate: str
    aggregate_version: int
    created_at: datetime
    due_at: datetime
    payload: Mapping[str, str | int | None]
    tries: int = 0
    parked: bool = False
    version: int = 1

    def failed(self, now: datetime, *, blamed: bool = True) -> "OutboxMessage":
        """
        Try again later, twice as late each time; park it after ten tries, unless nobody was there to take it (not `blamed`).
        """
        tries = self.tries + 1 if blamed else min(self.tries + 1, MOST_TRIES - 1)
        wait = timedelta(seconds=min(300, 2**tries))
        return replace(self, tries=tries, parked=tries >= MOST_TRIES, due_at=now + wait, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """
    The first successful answer to an idempotent request: status, resource and non-personal fields, for 24 h.
    """

    key: str
    body_hash: str
    status: int
    resource: str
    answer: str
    at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True)
class HoldCount:
    """
    The hold that runs for an account (`account#…`) or a vehicle (`plate#…`, `vin#…`), and how many lapsed unpaid on local day `day`.

    `paying`: the running hold has a payment attempt, so its lapse does not count.
    """

    key: str
    day: date
    lapsed: int
    booking: str | None
    until: datetime | None
    paying: bool
    version: int

    def lapsed_today(self, now: datetime, rules: Rules) -> int:
        """
        Count the holds that lapsed on the local day of `now`, the current one too once it has run out unpaid on it.
        """
        today = rules.today(now)
        ran_out = self.booking is not None and not self.paying and self.until is not None and self.until <= now
        current = 1 if ran_out and self.until is not None and rules.today(self.until) == today else 0
        return current + (self.lapsed if self.day == today else 0)

    def runs(self, *, other_than: str, now: datetime) -> bool:
        """
        Tell whether another booking's hold runs now.
        """
        return self.booking is not None and self.booking != other_than and self.until is not None and now < self.until


@dataclass(frozen=True, slots=True)
class Account:
    """
    Who signs in: a user, or staff with roles and checkpoints. Name and phone lie in the personal data store under `person`.

    `head`: heads the registrar and decides complaints (§6-2). `blocks` for false data, the oldest first; one stands at most.
    `identity` names the record there whose IIN or BIN source 1 has proved to be the holder's, once and for good; `identity_session` is his last one.
    `channels`: how notices reach him, the first that works first (`push`, `messenger`, `sms`). Once he chose a language all come in it.
    """

    id: str
    person: str
    created_at: datetime
    version: int
    language: str = "ru"
    kind: str = "natural"
    resident: bool = True
    roles: tuple[str, ...] = ("user",)
    checkpoints: tuple[str, ...] = ()
    agreement_version: str | None = None
    agreed_at: datetime | None = None
    head: bool = False
    blocks: tuple[Block, ...] = ()
    identity: str | None = None
    identity_session: str | None = None
    language_chosen: bool = False
    channels: tuple[str, ...] = ("push", "sms")


@dataclass(frozen=True, slots=True)
class Challenge:
    """
    One sign-in code sent to a phone: keyed hash of the code, five tries, one use, wall-clock life.
    """

    id: str
    person: str
    code_hash: str
    expires_at: datetime
    tries_left: int
    used: bool
    version: int


@dataclass(frozen=True, slots=True)
class Session:
    """
    A family of rotating refresh tokens: only the latest is good, an older one revokes the family.
    """

    id: str
    account: str
    token_hash: str
    expires_at: datetime
    revoked: bool
    version: int


@dataclass(frozen=True, slots=True)
class Quota:
    """
    How often something was asked for in a window (codes to one phone).
    """

    key: str
    count: int
    until: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Passage:
    """
    One journal entry as received from a gateway, keyed by device, journal and sequence; `entry` is the contract's JSON.
    """

    checkpoint: str
    day: date
    journal: str
    sequence: int
    at: datetime
    kind: str
    lane: str
    entry: str
    booking: str | None = None
    note: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class GatewayState:
    """
    What the cloud knows of a checkpoint's gateway: its journal, what is stored of it, how far it has reported (D18), its devices.
    """

    checkpoint: str
    version: int
    journal: str | None = None
    stored_upto: int = 0
    last_seen: datetime | None = None
    reported_upto: datetime | None = None
    admissions_version: int = 0
    admissions_hash: str | None = None
    admissions_signed_at: datetime | None = None
    held_version: int = 0
    devices: str = "[]"


@dataclass(frozen=True, slots=True)
class Load:
    """
    The load of one checkpoint and day, recomputed after changes, never decisive: free places by class (`general`: [primary, secondary]),
    places sold by interval.

    Time alone makes it untrue at `fresh_until` (a wait ends, a hold lapses, midnight), an order by another `plan_version`.
    """

    checkpoint: str
    day: date
    capacity: int
    free: Mapping[str, tuple[int, int]]
    as_of: datetime
    fresh_until: datetime | None
    version: int
    plan_version: int = 1
    sold: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BoardState:
    """
    The latest published board of a checkpoint: the contract's `BoardView` as JSON; `line`: the queue behind it (`domain/line.py`).
    """

    checkpoint: str
    view: str
    version: int
    line: str | None = None
