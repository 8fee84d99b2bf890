"""
The truck's way as a list of chapters; each says what was seen from outside, and the event to look it up by.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from local.story.card import pay_by_card
from local.story.door import UnseenError, keep
from local.story.money import tenge
from local.story.observer import barrier_moves, moved_since, stood_open
from local.story.witness import CHECKPOINT, Seen, Witness


@dataclass(slots=True)
class Journey(Witness):
    """
    The state of the story as its chapters go by. Figures are checked where they are seen; `UnseenError` ends it.
    """

    slot: datetime = field(init=False)
    end: datetime = field(init=False)
    fee: int = 0
    deposit: int = 0
    to_pay: int = 0
    paid_on: str = ""
    totals: dict[str, str] = field(default_factory=dict)

    def chapters(self) -> Iterator[tuple[str, Callable[[], Seen]]]:
        """
        Name the chapters in order.
        """
        yield "sign-in by code", self.sign_in
        yield "user agreement", self.agree
        yield "application", self.apply
        yield "registers asked", self.verified
        yield "place", self.take_place
        yield "card payment", self.pay
        yield "number and pass", self.pass_
        yield "24-hour notice", self.reminded
        yield "camera: into waiting area", self.arrive
        yield "call", self.called
        yield "camera: out of waiting area", self.leave_area
        yield "camera: at the gate", self.enter
        yield "barrier", self.barrier
        yield "board", self.board
        yield "camera: exit", self.exit
        yield "deposit released", self.released
        yield "settlement", self.settled

    def sign_in(self) -> Seen:
        """
        §15.
        """
        self.user = self.visitor.sign_in(self.truck.phone)
        me = self.user.ask("GET", "/v1/me")
        return Seen(f"code came by SMS to {me['phone']}, tokens given")

    def agree(self) -> Seen:
        """
        §3, §15.
        """
        agreement = self.visitor.ask("GET", "/v1/agreement")
        self.user.ask("POST", "/v1/me/agreement", body={"version": agreement["version"]})
        return Seen(f"version {agreement['version']} signed, sha256 {agreement['sha256'][:12]}…")

    def apply(self) -> Seen:
        """
        §16.
        """
        booking = self.user.ask("POST", "/v1/bookings", body=self.truck.form(self.toward), expect=202)
        self.booking = booking["id"]
        return Seen(f"{self.truck.plate} to {self.toward}: {booking['status']}", self._event("requested"))

    def verified(self) -> Seen:
        """
        §17–20.
        """
        booking = self._verified()
        results = [check["result"] for check in booking["verification"]["checks"]]
        counts = ", ".join(f"{results.count(result)} {result}" for result in sorted(set(results)))
        return Seen(f"{len(results)} checks: {counts}", self._event("verified"))

    def take_place(self) -> Seen:
        """
        §20–22: the first free slot that leaves time for the 24-hour notice (`ahead`).
        """
        after = (self.visitor.now() + self.ahead).isoformat()
        body = {"slot_start": "first_free", "after": after, "pool": "primary"}
        booking = self.user.ask("POST", f"/v1/bookings/{self.booking}/place", body=body, expect=200)
        self.slot, self.end = (datetime.fromisoformat(booking["slot"][name]) for name in ("start", "end"))
        self.fee, self.deposit = booking["due"]["fee"]["amount"], booking["due"]["deposit"]["amount"]
        self.to_pay = booking["due"]["to_pay"]["amount"]
        fees = self.visitor.ask("GET", "/v1/fees")
        return Seen(
            f"held {self.slot:%d.%m %H:%M}–{self.end:%H:%M}; fee {tenge(self.fee)}, deposit {tenge(self.deposit)} (MCI {tenge(fees['mci']['amount'])})",
            self._event("held"),
        )

    def pay(self) -> Seen:
        """
        §23, §26.
        """
        payment = self.user.ask("POST", f"/v1/bookings/{self.booking}/payment", body={"method": "card"}, expect=201)
        amount = payment["amount"]["amount"]
        if amount != self.to_pay:
            raise UnseenError(f"asked to pay {amount}, due {self.to_pay}")
        pay_by_card(self.visitor, payment)
        booking = self._until("confirmed")
        self.number = booking["number"]
        self.paid_on = f"{self.visitor.now():%Y-%m-%d}"
        return Seen(f"{tenge(amount)} by card, confirmed by the provider's webhook", self._event("confirmed"))

    def pass_(self) -> Seen:
        """
        §20, D25.
        """
        pdf = self.user.ask("GET", f"/v1/bookings/{self.booking}/pass")
        if not pdf.startswith(b"%PDF"):
            raise UnseenError("the pass is no PDF")
        self.files["pass"] = keep(self.folder / f"pass-{self.number}.pdf", pdf)
        return Seen(f"{self.number}, PDF of {len(pdf) // 1024} KB with signed QR")

    def reminded(self) -> Seen:
        """
        §29.
        """
        self.visitor.skip_to(self.slot - timedelta(hours=24) + timedelta(minutes=1))
        text = self._text_about("SMS of the 24-hour notice")
        return Seen(f"«{text}»", self._event("reminded"))

    def arrive(self) -> Seen:
        """
        §31: into the waiting area before the call.
        """
        self.visitor.skip_to(self.slot - timedelta(hours=3))
        return self._photograph("wa-in", "arrived", "arrived")

    def called(self) -> Seen:
        """
        §34, D16.
        """
        booking = self._skip_until_called()
        lead = self.slot - datetime.fromisoformat(booking["called_at"])
        leave_by = datetime.fromisoformat(booking["leave_by"])
        text = self._text_about("SMS of the call")
        return Seen(f"{round(lead.total_seconds() / 60)} min before, leave by {leave_by:%H:%M}: «{text}»", self._event("called"))

    def leave_area(self) -> Seen:
        """
        §31: out of the waiting area.
        """
        self.visitor.skip_to(self.slot - timedelta(minutes=40))
        return self._photograph("wa-out", "departed", "left_area")

    def enter(self) -> Seen:
        """
        §10, §11, §30: the gateway decides.
        """
        self.visitor.skip_to(self.slot - timedelta(minutes=25))
        return self._photograph("entry-1", "open", "admitted")

    def barrier(self) -> Seen:
        """
        §11: heard from the gateway's journal over MQTT.
        """
        admitted_at = datetime.fromisoformat(self.user.ask("GET", f"/v1/bookings/{self.booking}")["admitted_at"])
        states: list[str] = []

        def opened(topic: str, message: Any) -> Any:
            if topic.endswith("/journal"):
                moves = barrier_moves(message, lane="entry-1")
                states.extend(state for state in moves if state not in states)
                return "open" in states and message["journal"]
            if not topic.endswith("/heartbeat"):
                return None
            if stood_open(message, lane="entry-1", moment=admitted_at):  # it was up already, for the truck before, and is held for this one
                states.append("open")
                return message["journal"]
            # while the broker was away the journal may have gone by; the heartbeat after it still says that the boom has moved
            return self.observer.interruptions and moved_since(message, lane="entry-1", moment=admitted_at) and message["journal"]

        journal = self.observer.wait(opened, what="the barrier opened")
        return Seen(f"entry-1 {' → '.join(dict.fromkeys(states)) or 'moved'}, journal {journal[:8]}… on MQTT")

    def board(self) -> Seen:
        """
        §12.
        """

        def shown(board: Any) -> bool:
            return any(row["number"] == self.number for row in board["entering"])

        board = self.visitor.wait(f"/v1/checkpoints/{CHECKPOINT}/board", shown, what="the truck on the board")
        return Seen(f"entering: {', '.join(row['plate'] for row in board['entering'])}")

    def exit(self) -> Seen:
        """
        §28: actual crossing.
        """
        self.visitor.skip_to(self.slot + timedelta(minutes=20))
        seen = self._photograph("exit-1", "open", "crossed")
        self._until("crossed")
        return seen

    def released(self) -> Seen:
        """
        §28: the deposit is free again.
        """
        wallet = self.user.ask("GET", "/v1/me/wallet")
        available, held = wallet["available"]["amount"], wallet["held"]["amount"]
        if (available, held) != (self.deposit, 0):
            raise UnseenError(f"wallet: available {available}, held {held}, expected {self.deposit} and 0")
        self.totals["wallet"] = f"available {tenge(available)}, held {tenge(held)}"
        return Seen(f"{tenge(available)} available, {tenge(held)} held", self._event("crossed"))

    def settled(self) -> Seen:
        """
        §24: the day's fees, remitted in three days.
        """
        midnight = datetime.fromisoformat(f"{self.paid_on}T00:00:00{self.slot:%z}"[:22] + ":00") + timedelta(days=1, minutes=20)
        self.visitor.skip_to(midnight)
        staff = self.visitor.ask("GET", "/local/info")["staff"]
        finance = self.visitor.sign_in(next(person["phone"] for person in staff if person["role"] == "finance"))

        def mine(page: Any) -> bool:
            return any(item["id"] == self.paid_on for item in page["items"])

        page = finance.wait("/v1/finance/settlements?limit=50", mine, what=f"the settlement of {self.paid_on}")
        settlement = next(item for item in page["items"] if item["id"] == self.paid_on)
        link = finance.ask("GET", f"/v1/finance/settlements/{self.paid_on}/files/csv")
        csv = self.visitor.ask("GET", link["url"].removeprefix(self.visitor.base))
        self.files["settlement"] = keep(self.folder / f"settlement-{self.paid_on}.csv", csv)
        due = settlement["due"]["amount"]
        if due < self.fee:
            raise UnseenError(f"settled {due}, less than the fee {self.fee}")
        self.totals["settlement"] = f"{self.paid_on}: {tenge(due)}, to the budget by {settlement['due_on']}"
        return Seen(self.totals["settlement"])

    def _skip_until_called(self) -> Any:
        for minutes in (150, 90):
            self.visitor.skip_to(self.slot - timedelta(minutes=minutes) + timedelta(minutes=1))
            booking = self.user.ask("GET", f"/v1/bookings/{self.booking}")
            if booking.get("called_at"):
                return booking
        raise UnseenError("not called")
