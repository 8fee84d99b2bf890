"""
Another person pays for a held booking by the link he was given, without an account: he sees amount and plate (§23, decision 0039).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.bookings import Booking, Status
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.driver_links import hash_of
from chalicelib.domain.money import Due, Wallet
from chalicelib.domain.payment_links import BY_LINK, WAITING, LinkState, Payable, PaymentLink, booking_of, opens, state_of
from chalicelib.domain.payments import AttemptState, IntentStatus, PaymentAttempt, PaymentIntent
from chalicelib.domain.rules import Rules
from chalicelib.domain.standing import Deed, may_act
from chalicelib.usecases.bonds import Bonds, bonds_of
from chalicelib.usecases.failed_attempt import due_now, failed_attempt
from chalicelib.usecases.outcomes import IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.pay_booking import PayBooking
from chalicelib.usecases.ports import DriverLinks, PaymentLinks, StoreBusyError

MOST_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class PayByLink:
    """
    `GET /v1/pay/{token}`, `POST /v1/pay/{token}/payment`. Everything about the card payment itself is the user's own way of paying.
    """

    pay: PayBooking
    payment_links: PaymentLinks
    driver_links: DriverLinks

    def see(self, *, token: str) -> Payable | Missing:
        """
        Show what there is to pay; unknown, revoked and long past ones are the same.
        """
        now = self.pay.clock.now()
        rules = self.pay.rules_on(now)
        found = self._found(token, now, rules)
        if found is None:
            return Missing()
        link, seen = found
        attempt = self.pay.ledger.attempt(link.attempt) if link.attempt else None
        due = self._due(seen, now, rules)
        state = state_of(booking=seen, attempt=attempt, now=now, rules=rules, open_=due is not None)
        waiting = state is LinkState.WAITING and due is not None
        amount = due.to_pay if waiting and due is not None else None
        until = seen.hold_expires_at if waiting else None
        return Payable(state, seen.vehicle.country, seen.vehicle.plate, now, amount, until)

    def start(self, *, token: str, request: IdempotentRequest | None) -> Outcome:
        """
        Open the card payment, or the one that is open by this link: 201 with the attempt. Raises `StoreBusyError` and the provider's errors.
        """
        for _ in range(MOST_TRIES):
            now = self.pay.clock.now()
            found = self._found(token, now, self.pay.rules_on(now))
            if found is None:
                return Missing()
            known = replay(self.pay.requests, request, now=now) if request is not None else None
            outcome = known or self._attempt(*found, request, now)
            if outcome is not None:
                return outcome
        raise StoreBusyError("payment by link")

    def intent(self, *, attempt: str) -> PaymentIntent:
        """
        Find the intent of an attempt again, with its client secret, which is never stored.
        """
        return self.pay.intent(attempt=attempt)

    def _found(self, token: str, now: datetime, rules: Rules) -> tuple[PaymentLink, Booking] | None:
        known = self.driver_links.token(hash_of(token))
        booking = booking_of(known)
        link = self.payment_links.link(booking) if booking is not None else None
        if known is None or link is None or not opens(link=link, token=known, now=now, rules=rules):
            return None
        seen = self.pay.bookings.get(link.booking)
        return (link, seen) if seen is not None else None

    def _attempt(self, link: PaymentLink, seen: Booking, request: IdempotentRequest | None, now: datetime) -> Outcome | None:
        rules = self.pay.rules_on(now)
        if seen.confirmed_at is not None:
            return Refused.because(Code.ALREADY_CONFIRMED)
        bonds = bonds_of(seen, places_=self.pay.places, locks=self.pay.locks, ledger=self.pay.ledger)
        due = self._payable(seen, bonds.wallet, bonds.attempt, now, rules)
        if due is None or not bonds.hold(booking=seen.id, now=now):
            return Refused.because(Code.LINK_NOT_PAYABLE)
        if bonds.attempt is None:
            return self.pay.start(seen, bonds, due, now, link=link)
        if bonds.attempt.purpose == BY_LINK:
            return self.pay.resume(seen, bonds, bonds.attempt, request, now)
        return self._take_over(seen, bonds, bonds.attempt, now, rules)

    def _take_over(self, seen: Booking, bonds: Bonds, attempt: PaymentAttempt, now: datetime, rules: Rules) -> Refused | None:
        """
        End the user's own unfinished card payment, at the provider first: so two cards never pay for one place.
        """
        if attempt.intent is not None and self.pay.provider().cancel_intent(intent=attempt.intent) is not IntentStatus.CANCELED:
            return Refused.because(Code.PAYMENT_UNDER_WAY, "23")
        ended = replace(attempt, state=AttemptState.CANCELED, version=attempt.version + 1)
        self.pay.committer.commit(*failed_attempt(seen=seen, bonds=bonds, attempt=ended, charges=(), now=now, by="payer", rules=rules))
        return None

    def _due(self, seen: Booking, now: datetime, rules: Rules) -> Due | None:
        attempt = self.pay.ledger.attempt(seen.attempt) if seen.attempt else None
        return self._payable(seen, self.pay.ledger.wallet(seen.account), attempt, now, rules)

    def _payable(self, seen: Booking, wallet: Wallet, attempt: PaymentAttempt | None, now: datetime, rules: Rules) -> Due | None:
        """
        Reckon what is to pay by the link; none where the booking is not held, its user may not pay, or his wallet has it all.
        """
        standing = may_act(account=self.pay.accounts.account(seen.account), wallet=wallet, deed=Deed.PAY)
        if seen.status_at(now, rules) is not Status.HELD or isinstance(standing, Refused) or seen.due is None:
            return None
        if attempt is not None and attempt.state in WAITING:
            return seen.due
        tariff = self.pay.tariff_on(rules.today(now))
        due = due_now(seen, available=wallet.available, rules=rules, tariff=tariff)
        return due if due.to_pay and tariff is not None else None
