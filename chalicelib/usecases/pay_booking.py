"""
A held booking is paid: from the wallet at once, or by card through an attempt of our own that is committed before the provider is called.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.domain.bookings import Booking, Happening, Status
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.fees import Tariff
from chalicelib.domain.happenings import event_of
from chalicelib.domain.money import Due, LedgerAccount, Posting, transfer
from chalicelib.domain.payment_links import BY_LINK, PaymentLink
from chalicelib.domain.payments import ASK_AFTER, AttemptState, PaymentAttempt, PaymentIntent, ProviderRefusedError
from chalicelib.domain.places import extend_hold
from chalicelib.domain.rules import Rules
from chalicelib.domain.standing import Deed, may_act
from chalicelib.usecases.bonds import Bonds, bonds_of
from chalicelib.usecases.confirm_booking import ConfirmBooking
from chalicelib.usecases.ending import money_writes
from chalicelib.usecases.failed_attempt import due_now, failed_attempt
from chalicelib.usecases.open_intent import OpenIntent
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import (
    Accounts,
    Bookings,
    Chance,
    Clock,
    Committed,
    Committer,
    Ledger,
    Locks,
    PaymentProvider,
    Places,
    Requests,
    StoreBusyError,
    Write,
)

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class PayBooking:
    """
    `POST /v1/bookings/{id}/payment` (§23, §26).
    """

    committer: Committer
    accounts: Accounts
    bookings: Bookings
    places: Places
    locks: Locks
    ledger: Ledger
    requests: Requests
    provider: Callable[[], PaymentProvider]
    open: OpenIntent
    confirm: ConfirmBooking
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]
    tariff_on: Callable[[date], Tariff | None]

    def __call__(self, *, account: str, booking: str, by_card: bool, request: IdempotentRequest) -> Outcome:
        """
        Pay: 200 `confirmed` from the balance; 201 with the intent's id by card. Raises `StoreBusyError` and the provider's errors.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            outcome = self._attempt(account, booking, request, now, by_card=by_card)
            if outcome is not None:
                return outcome
        raise StoreBusyError("payment")

    def intent(self, *, attempt: str) -> PaymentIntent:
        """
        Find the intent of an attempt again, with its client secret, which is never stored.
        """
        found = self.ledger.attempt(attempt)
        if found is None or found.intent is None:
            raise LookupError(attempt)
        return self.provider().find_intent(intent=found.intent)

    def _attempt(self, account: str, booking: str, request: IdempotentRequest, now: datetime, *, by_card: bool) -> Outcome | None:
        rules = self.rules_on(now)
        seen = self.bookings.get(booking)
        if seen is None or seen.account != account:
            return Missing()
        refused = not_payable(seen, now, rules)
        if refused is not None:
            return refused
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        # by the wallet that the transaction compares: a debt that comes meanwhile makes it a conflict
        standing = may_act(account=self.accounts.account(seen.account), wallet=bonds.wallet, deed=Deed.PAY)
        if isinstance(standing, Refused):
            return standing
        if not bonds.hold(booking=seen.id, now=now):
            return Refused.because(Code.HOLD_EXPIRED)
        if seen.attempt is not None and bonds.attempt is not None:
            if by_card:
                return self.resume(seen, bonds, bonds.attempt, request, now)
            return Refused.because(Code.PAYMENT_UNDER_WAY, "23")
        tariff = self.tariff_on(rules.today(now))
        if tariff is None:
            return Refused.because(Code.FEE_UNKNOWN, "25")
        due = due_now(seen, available=bonds.wallet.available, rules=rules, tariff=tariff)
        if due.to_pay == 0:
            return self.confirm.from_balance(seen=replace(seen, due=due), bonds=bonds, request=request, now=now)
        if not by_card:
            return Refused.because(Code.INSUFFICIENT_FUNDS, "23", missing=due.fee + due.deposit - bonds.wallet.available)
        return self.start(seen, bonds, due, now)

    def start(self, seen: Booking, bonds: Bonds, due: Due, now: datetime, *, link: PaymentLink | None = None) -> Outcome | None:
        """
        Commit the attempt of a held booking before the provider is called; `link` is what another person pays by. None: look anew.
        """
        if bonds.place is None or seen.hold_expires_at is None:
            return Refused.because(Code.HOLD_EXPIRED)
        rules, purpose, by = self.rules_on(now), BY_LINK if link else "booking", "payer" if link else "user"
        attempt = PaymentAttempt(
            self.chance.id("att"),
            seen.account,
            purpose,
            due.to_pay,
            AttemptState.STARTED,
            now,
            version=1,
            booking=seen.id,
            ask_at=now + ASK_AFTER,
        )
        until = seen.hold_expires_at if seen.hold_extended else seen.hold_expires_at + (rules.hold_extended - rules.hold)
        paying = seen.after(Happening.PAYMENT_STARTED, attempt=attempt.id, due=due, hold_expires_at=until, hold_extended=True)
        cool_down = self.chance.wait(rules.cool_down_least, rules.cool_down_most)
        self.committer.commit(
            Write(paying, seen.version),
            Write(extend_hold(bonds.place, expires_at=until, cool_down=cool_down), bonds.place.version),
            *(Write(replace(lock, until=until, version=lock.version + 1), lock.version) for lock in bonds.locks),
            *(Write(replace(hold, until=until, paying=True, version=hold.version + 1), hold.version) for hold in bonds.holds),
            *money_writes(reservation(paying, now=now, rules=rules), bonds.wallet),
            Write(attempt),
            *([Write(replace(link, attempt=attempt.id, version=link.version + 1), link.version)] if link else []),
            Write(event_of(booking=paying, happening=Happening.PAYMENT_STARTED, at=now, by=by, rules=rules, ground="23")),
        )
        return None

    def resume(
        self, seen: Booking, bonds: Bonds, attempt: PaymentAttempt, request: IdempotentRequest | None, now: datetime
    ) -> Outcome | None:
        """
        Go on with the booking's attempt, at whatever it was left: 201 with it, its intent open. None: look anew.
        """
        kept = request.record(status=201, resource=seen.id, answer={"attempt": attempt.id}, at=now) if request is not None else None
        writes = [Write(kept)] if kept is not None else []
        if attempt.state is AttemptState.STARTED:
            intent = self._intent(seen, bonds, attempt, now)
            opened = replace(attempt, state=AttemptState.OPEN, intent=intent.id, version=attempt.version + 1)
            writes.append(Write(opened, attempt.version))
        done = not writes or isinstance(self.committer.commit(*writes), Committed)
        return Done(201, seen.id, {"attempt": attempt.id}) if done else None

    def _intent(self, seen: Booking, bonds: Bonds, attempt: PaymentAttempt, now: datetime) -> PaymentIntent:
        try:
            return self.open(attempt)
        except ProviderRefusedError:
            # asking again changes nothing: the user gets his money free again and may pay in another way
            ended, rules = replace(attempt, state=AttemptState.CANCELED, version=attempt.version + 1), self.rules_on(now)
            self.committer.commit(*failed_attempt(seen=seen, bonds=bonds, attempt=ended, charges=(), now=now, by="provider", rules=rules))
            raise


def not_payable(seen: Booking, now: datetime, rules: Rules) -> Refused | None:
    """
    Refuse to pay for what is not held, or not any more.
    """
    status = seen.status_at(now, rules)
    if status is Status.EXPIRED and seen.slot_start is not None:
        return Refused.because(Code.HOLD_EXPIRED)
    if status is not Status.HELD:
        code = Code.ALREADY_CONFIRMED if seen.confirmed_at is not None else Code.NOT_HELD
        return Refused.because(code, status=status.value)
    return None


def reservation(booking: Booking, *, now: datetime, rules: Rules) -> Posting | None:
    """
    Hold what the wallet gives while the card pays the rest; nothing where it gives nothing.
    """
    legs = transfer(LedgerAccount.WALLET_AVAILABLE, LedgerAccount.WALLET_HELD, booking.due.from_wallet if booking.due else 0)
    if not legs:
        return None
    return Posting(
        id=f"reserve:{booking.id}:{booking.attempt}",
        wallet=booking.account,
        kind="reserve",
        at=now,
        day=rules.today(now),
        legs=legs,
        checkpoint=booking.checkpoint,
        booking=booking.id,
        place_class=booking.class_.value,
    )
