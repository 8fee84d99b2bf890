"""
What is foreign: people, registers, messengers, devices, photographs, keys, clocks, chance, payments.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from chalicelib.contracts.boards import BoardView
from chalicelib.contracts.commands import Command
from chalicelib.domain.identity import SessionStatus
from chalicelib.domain.payments import IntentStatus, PaymentEvent, PaymentIntent, ProviderRefund
from chalicelib.domain.reconciliation import Movement, MovementKind
from chalicelib.domain.registers import Answer, Question
from chalicelib.domain.remittance import FileKind, Requisites
from chalicelib.domain.settlements import Settlement


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """
    Personal data under a pseudonymous id: `kind` is `account`, `owner`, `driver`, `complaint`, `bank_line` or `devices`; `fields` hold names, iin, phone,
    document … `look_at`: when it is to be asked whether anybody still needs them; none: as it was, at first never.
    """

    id: str
    kind: str
    fields: Mapping[str, Any]
    look_at: datetime | None = None


class NobodyThereError(Exception):
    """
    The other side does not answer: what waits for it waits on, through no fault of its own.
    """


class PersonalDataUnavailableError(NobodyThereError):
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
    def named(self, name: str, *, limit: int) -> Sequence[str]:
        """
        Name the people of a name, however it is spelled, through its keyed hash; eventual.
        """

    def claim(self, *, kind: str, keyed_hash: str, person: PersonRecord) -> str:
        """
        Store a person under a unique keyed hash; the id already there wins, and is looked at as late as the new one would be.
        """

    def erase(self, ids: Sequence[str]) -> None: ...
    def due(self, *, shard: int, until: datetime, limit: int) -> Sequence[str]:
        """
        Name people who are to be looked at by now, longest waiting first; eventual.
        """

    def postpone(self, id_: str, *, at: datetime | None) -> None:
        """
        Look at somebody later, or never again; who is gone stays gone.
        """

    def forget_due(self, ids: Sequence[str], *, until: datetime) -> int:
        """
        Erase those of the people who are due by a moment still: how many.
        """


class Registers(Protocol):
    """
    The state registers of §18, asked in parallel; a silent one answers `unavailable`, never an exception.
    """

    def ask(self, questions: Sequence[Question]) -> Sequence[Answer]: ...


class NotTakenError(Exception):
    """
    The messaging service refuses this message (a number out of service, a token that is no more).
    """


class IdentityProviderSilentError(Exception):
    """
    The identity provider does not answer.
    """


class IdentityProvider(Protocol):
    """
    Who compares faces with documents (§18.12). Raises `IdentityProviderSilentError`; opening the same session again gives the same page.
    """

    def open(self, *, session: str, keys: Mapping[str, str]) -> str:
        """
        Open a session for the person whom the keys name: the address of the provider's page.
        """

    def status(self, *, session: str) -> SessionStatus: ...


class Messenger(Protocol):
    """
    One way to reach a person: SMS, a messenger or push. A repeated `message_id` is sent once.

    Raises `NotTakenError` for what will not be taken, `NobodyThereError` when the service does not answer.
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


@dataclass(frozen=True, slots=True)
class Shot:
    """
    One photograph of a passage, named by its contents (SHA-256, hex).
    """

    checkpoint: str
    sha256: str


class Photos(Protocol):
    """
    Photographs in object storage; links live 60 s. `hold` and `release` keep copies for a case beyond the photographs' own term: while it is open,
    and until the term after its decision is over. Raises `NobodyThereError` while the storage does not answer.
    """

    def has(self, *, checkpoint: str, sha256: str) -> bool: ...
    def upload_link(self, *, checkpoint: str, sha256: str, size: int) -> str: ...
    def link(self, *, checkpoint: str, sha256: str) -> str: ...
    def hold(self, *, case: str, shot: Shot) -> bool: ...
    def release(self, *, case: str) -> None: ...
    def copies(self, *, case: str) -> Mapping[Shot, str]: ...


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


class SettlementFiles(Protocol):
    """
    A settlement's files, by kind: the same settlement and bank details always give the same bytes.
    """

    def make(self, settlement: Settlement, requisites: Requisites) -> Mapping[FileKind, bytes]: ...


class PaymentProvider(Protocol):
    """
    The card payment provider; every call that moves money carries our own attempt id as its idempotency key.

    Raises the errors of `chalicelib.domain.payments`.
    """

    def save_customer(self, *, attempt: str, account: str) -> str: ...
    def open_intent(
        self, *, attempt: str, amount: int, purpose: str, account: str, booking: str | None, customer: str | None
    ) -> PaymentIntent: ...
    def find_intent(self, *, intent: str) -> PaymentIntent: ...
    def cancel_intent(self, *, intent: str) -> IntentStatus: ...
    def refund(self, *, attempt: str, intent: str, amount: int) -> ProviderRefund: ...
    def find_refund(self, *, refund: str) -> ProviderRefund: ...
    def events(self, *, since: datetime, until: datetime) -> Sequence[PaymentEvent]:
        """
        List what happened in [since, until), the oldest first: what webhooks told, and what they could not tell.
        """

    def movements(self, *, since: datetime, until: datetime) -> Sequence[Movement]:
        """
        List what moved the balance there in [since, until).
        """

    def moved(self, *, kind: MovementKind, reference: str) -> Sequence[Movement]:
        """
        List by what one charge (by its intent), refund, dispute (by its intent) or payout moved the balance there.
        """

    def parse_webhook(self, *, payload: bytes, signature: str) -> PaymentEvent: ...
