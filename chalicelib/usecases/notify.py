"""
A notice is worded when it is sent, to one recipient: phone, language and channels are looked up then, the row held ids only (§29, §34).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from chalicelib.domain.bookings import Booking
from chalicelib.domain.driver_links import FOLLOWED
from chalicelib.domain.notices import MONEY, figures_of, is_true, kind_of
from chalicelib.domain.records import OutboxMessage
from chalicelib.domain.rules import Rules
from chalicelib.usecases.notice_ways import Recipient, Recipients, Sending
from chalicelib.usecases.ports import Bookings, Clock
from chalicelib.usecases.sign_in import Codes

TWO_PARTS: Final = 134
"""UCS-2 characters of a text message in two parts: a part holds 70 alone and 67 beside another."""


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
    The task `tell`, and sign-in codes. `link_for` gives the address by which a driver follows a booking, or none.
    """

    bookings: Bookings
    recipients: Recipients
    sending: Sending
    codes: Codes
    text: NoticeText
    link_for: Callable[[Booking, str], str | None]
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, message: OutboxMessage) -> None:
        """
        Look the recipient up and send; what is no longer true is not sent. Raises `NobodyThereError`, `NotTakenError`.
        """
        template = str(message.payload["template"])
        booking = self.bookings.get(str(message.payload["booking"])) if message.payload.get("booking") else None
        if booking is not None and not is_true(template=template, figures=message.payload, booking=booking):
            return
        to = self.recipients.find(message.payload, booking=booking)
        if to is None:
            return
        text = self._text(template, to, message, booking)
        self.sending(to=to, text=text, message_id=message.id, must=kind_of(template).must)

    def code(self, message: OutboxMessage) -> None:
        """
        Send a sign-in code to the phone that asked for it (§15). Raises `NobodyThereError`, `NotTakenError`.
        """
        to = self.recipients.phone_of(str(message.payload["person"]), channel=str(message.payload.get("channel") or "sms"))
        if to is None:
            return
        code = self.codes.code_of(str(message.payload["challenge"]))
        parameters: dict[str, str | int] = {"code": code, "minutes": int(message.payload.get("minutes") or 0)}
        text = self.text(str(message.payload["template"]), str(message.payload.get("language") or "ru"), parameters)
        self.sending(to=to, text=text, message_id=message.id, must=False)

    def _text(self, template: str, to: Recipient, message: OutboxMessage, booking: Booking | None) -> str:
        told: dict[str, str | int] = {name: value for name, value in message.payload.items() if value is not None}
        rules = self.rules_on(self.clock.now())
        figures = told if booking is None else figures_of(booking=booking, told=told, rules=rules, as_now=True)
        if to.driver is None or booking is None:
            return self.text(template, to.language, figures)
        bare: dict[str, str | int] = {name: value for name, value in figures.items() if name not in MONEY}
        text = self.text(template, to.language, bare | {"to": "driver"})
        link = self.link_for(booking, to.driver) if booking.status in FOLLOWED else None
        return f"{text} {link}" if link is not None and len(text) + 1 + len(link) <= TWO_PARTS else text
