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
from chalicelib.usecases.ports import Accounts, Bookings, Messenger, PersonalDataStore
from chalicelib.usecases.sign_in import Codes


class NoticeText(Protocol):
    """
    Gives a notice's text in a language.
    """

    def __call__(self, name: str, language: str, parameters: Mapping[str, str | int], /) -> str:
        """
        Word the notice.
        """


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
        text = self.text(template, language, self._parameters(message, booking))
        self.messengers(channel).send(to=to, text=text, message_id=message.id)

    def _person(self, message: OutboxMessage) -> str | None:
        if message.payload.get("person"):
            return str(message.payload["person"])
        account = self.accounts.account(str(message.payload["account"]))
        return account.person if account else None

    def _parameters(self, message: OutboxMessage, booking: Booking | None) -> Mapping[str, str | int]:
        found = {name: value for name, value in message.payload.items() if value is not None}
        if message.payload.get("challenge"):
            found["code"] = self.codes.code_of(str(message.payload["challenge"]))
        if booking is None:
            return found
        found |= {"plate": booking.vehicle.plate, "checkpoint": booking.checkpoint, "number": booking.number or ""}
        validity = self.rules_on(booking.created_at).application_validity
        moments = {
            "start": booking.slot_start,
            "leave_by": booking.leave_by,
            "until": booking.verified_at and booking.verified_at + validity,
        }
        return found | {name: moment.isoformat() for name, moment in moments.items() if moment is not None}
