"""
Who is told and by which ways: the user as his account says, a driver by his phone, nobody twice (§15, §29, §34).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.bookings import Booking
from chalicelib.domain.notices import Figures
from chalicelib.domain.records import Account
from chalicelib.domain.rules import Rules
from chalicelib.usecases.keep_push_tokens import fresh_tokens, tokens_id
from chalicelib.usecases.ports import Accounts, Clock, Messenger, NobodyThereError, NotTakenError, PersonalDataStore, PersonRecord
from chalicelib.usecases.spread_notice import USER

PUSH: Final = "push"
SMS: Final = "sms"
UNABLE: Final = (NobodyThereError, NotTakenError)


@dataclass(frozen=True, slots=True)
class Recipient:
    """
    Somebody to be told: `ways` are channels with where they lead, the liked ones first; `driver` his id among the booking's drivers.
    """

    language: str
    ways: Sequence[tuple[str, str]]
    phone: str | None = None
    driver: str | None = None


@dataclass(frozen=True, slots=True)
class Recipients:
    """
    Looks recipients up. `language_of_phone` gives the language of a phone's country, or none where it is the booking's.
    """

    accounts: Accounts
    people: PersonalDataStore
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    language_of_phone: Callable[[str], str | None]

    def find(self, payload: Figures, *, booking: Booking | None) -> Recipient | None:
        """
        Find whom a message is for; none when he is gone or told already. Raises `PersonalDataUnavailableError`.
        """
        account = self.accounts.account(str(payload["account"]))
        who = str(payload.get("to") or USER)
        if who == USER:
            return self._user(account, booking) if account is not None else None
        return self._driver(who, account, booking) if booking is not None else None

    def phone_of(self, person: str, *, channel: str) -> Recipient | None:
        """
        Find a phone without an account (a sign-in code's). Raises `PersonalDataUnavailableError`.
        """
        phone = _phone(self.people.get_many([person], purpose="notice").get(person))
        return Recipient("", [(channel, phone)], phone) if phone else None

    def _user(self, account: Account, booking: Booking | None) -> Recipient:
        tokens = tokens_id(account.person)
        known = self.people.get_many([account.person, tokens], purpose="notice")
        phone = _phone(known.get(account.person))
        now = self.clock.now()
        fresh = fresh_tokens(known.get(tokens), now=now, rules=self.rules_on(now))
        leads: Mapping[str, Sequence[str]] = {PUSH: fresh}
        ways = [(channel, to) for channel in account.channels for to in leads.get(channel, [phone] if phone else [])]
        chosen = account.language_chosen or booking is None
        return Recipient(account.language if chosen or booking is None else booking.language, ways, phone or None)

    def _driver(self, who: str, account: Account | None, booking: Booking) -> Recipient | None:
        people = [driver.person for driver in booking.drivers]
        if who not in people:
            return None
        before = [*([account.person] if account is not None else []), *people[: people.index(who)]]
        known = self.people.get_many([*before, who], purpose="notice")
        phone = _phone(known.get(who))
        # the user who drives himself, or one phone for two drivers, is told once
        if not phone or phone in {_phone(known.get(person)) for person in before}:
            return None
        fields = known[who].fields
        language = fields.get("language") or self.language_of_phone(phone) or booking.language
        channels = dict.fromkeys((str(fields.get("channel") or SMS), SMS))
        return Recipient(str(language), [(channel, phone) for channel in channels], phone, who)


@dataclass(frozen=True, slots=True)
class Sending:
    """
    Sends a text by a recipient's ways; each way under an id of its own, so that what is tried again arrives once.
    """

    messengers: Callable[[str], Messenger]

    def __call__(self, *, to: Recipient, text: str, message_id: str, must: bool) -> None:
        """
        Send by the first way that works; what the law asks for goes by push and by SMS. Raises what the last way raised when none worked.
        """
        if not must:
            self._first(to.ways, text, message_id)
            return
        pushed = sum(self._done(way, text, message_id) for way in to.ways if way[0] == PUSH)
        try:
            self._first(
                [(SMS, to.phone)] if to.phone and to.driver is None else [way for way in to.ways if way[0] != PUSH], text, message_id
            )
        except NotTakenError:
            if not pushed:
                raise

    def _first(self, ways: Sequence[tuple[str, str]], text: str, message_id: str) -> None:
        for place, (channel, to) in enumerate(ways, start=1):
            try:
                self._send(channel, to, text, message_id)
            except UNABLE:
                if place == len(ways):
                    raise
            else:
                return

    def _done(self, way: tuple[str, str], text: str, message_id: str) -> bool:
        try:
            self._send(*way, text, message_id)
        except UNABLE:
            return False
        return True

    def _send(self, channel: str, to: str, text: str, message_id: str) -> None:
        device = f".{hashlib.sha256(to.encode()).hexdigest()[:8]}" if channel == PUSH else ""
        self.messengers(channel).send(to=to, text=text, message_id=f"{message_id}.{channel}{device}")


def _phone(record: PersonRecord | None) -> str:
    fields: Mapping[str, Any] = record.fields if record is not None else {}
    return str(fields.get("phone") or "")
