"""
A notice is written when it is sent: phone and language are looked up then, the row held ids only (§29, §34).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain.bookings import Booking
from chalicelib.domain.records import OutboxMessage
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Accounts, Bookings, Clock, Messenger, PersonalDataStore
from chalicelib.usecases.sign_in import Codes


class NoticeText(Protocol):
    """
    Gives a notice's text in a language.
    """

    def __call__(self, name: str, language: str, parameters: Mapping[str, str]) -> str: ...


@dataclass(frozen=True, slots=True)
class Notify:
    """
    Send one notice of the outbox.
    """

    accounts: Accounts
    bookings: Bookings
    people: PersonalDataStore
    codes: Codes
    messengers: Callable[[str], Messenger]
    text: NoticeText
    name_of: Callable[[str, str], str]
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, message: OutboxMessage) -> None:
        """
        Resolve and send; raises what the messenger or the personal data store raises.
        """
        template = str(message.payload["template"])
        language = str(message.payload.get("language") or "ru")
        booking = self.bookings.get(str(message.payload["booking"])) if message.payload.get("booking") else None
        person = self._person(message)
        if person is None:
            return
        if booking is not None:
            language = booking.language
        phone = self.people.get_many([person], purpose="notice").get(person)
        to = str(phone.fields.get("phone") or "") if phone else ""
        if not to:
            return
        channel = str(message.payload.get("channel") or "sms")
        text = self.text(template, language, self._parameters(message, booking, language))
        self.messengers(channel).send(to=to, text=text, message_id=message.id)

    def _person(self, message: OutboxMessage) -> str | None:
        if message.payload.get("person"):
            return str(message.payload["person"])
        account = self.accounts.account(str(message.payload["account"]))
        return account.person if account else None

    def _parameters(self, message: OutboxMessage, booking: Booking | None, language: str) -> Mapping[str, str]:
        found = {name: str(value) for name, value in message.payload.items() if value is not None}
        if message.payload.get("challenge"):
            found["code"] = self.codes.code_of(str(message.payload["challenge"]))
        if booking is None:
            return found
        zone = self.rules_on(self.clock.now()).zone
        moments = {"start": booking.slot_start, "leave_by": booking.leave_by or booking.slot_end}
        for name, moment in moments.items():
            if moment is not None:
                local = moment.astimezone(zone)
                found |= {f"{name}_date": f"{local:%d.%m.%Y}", f"{name}_time": f"{local:%H:%M}"}
        place = self.name_of(booking.checkpoint, language)
        return found | {"number": booking.number or "", "plate": booking.vehicle.plate, "checkpoint": place}
