"""
The payer's bank takes a card payment back (§27, D28): out of what is available first, the rest is a debt; won, all of it is undone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.bookings import EXPECTED, Booking
from chalicelib.domain.happenings import account_notice, photographs_of_dispute
from chalicelib.domain.money import LedgerAccount, Leg, Posting, Wallet, transfer
from chalicelib.domain.payments import AttemptState, PaymentAttempt, PaymentEvent, PaymentEventKind
from chalicelib.domain.rules import Rules
from chalicelib.domain.suspension import Grounds, wanted
from chalicelib.usecases.ending import wallet_writes
from chalicelib.usecases.ports import Accounts, Bookings, Clock, Committed, Committer, Ledger, StoreBusyError, Write
from chalicelib.usecases.suspended import suspension_writes

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class ReversePayment:
    """
    A dispute opened, or won by us; each moves money once. One that comes before what it follows is asked for again (`StoreBusyError`).
    """

    committer: Committer
    accounts: Accounts
    bookings: Bookings
    ledger: Ledger
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, event: PaymentEvent) -> bool:
        """
        Take the event in: true when it changed something.
        """
        for _ in range(MOST_TRIES):
            attempt = self.ledger.attempt_of_intent(event.intent) if event.intent else None
            if attempt is None or attempt.state not in {AttemptState.SUCCEEDED, AttemptState.REVERSED}:
                raise StoreBusyError("a dispute of a payment that is not known to have succeeded yet")
            opened = event.kind is PaymentEventKind.DISPUTE_OPENED
            if self._has(attempt, event, opened=opened):
                return False
            if not opened and not self._has(attempt, event, opened=True):
                raise StoreBusyError("a dispute is won that is not known to be opened yet")
            writes = self._reverse(attempt, event) if opened else self._restore(attempt, event)
            if isinstance(self.committer.commit(*writes), Committed):
                return True
        raise StoreBusyError("dispute")

    def _has(self, attempt: PaymentAttempt, event: PaymentEvent, *, opened: bool) -> bool:
        return self.ledger.has_posting(wallet=attempt.account, posting=posting_id(attempt, event, opened=opened))

    def _reverse(self, attempt: PaymentAttempt, event: PaymentEvent) -> tuple[Write, ...]:
        now = self.clock.now()
        rules = self.rules_on(now)
        wallet = self.ledger.wallet(attempt.account)
        taken = reversal(attempt, event, wallet=wallet, now=now, rules=rules)
        after, undone = wallet.after([taken]), replace(attempt, state=AttemptState.REVERSED, version=attempt.version + 1)
        holder = self.accounts.account(attempt.account)
        told = account_notice(
            template="debt",
            account=attempt.account,
            aggregate=attempt.account,
            version=after.version,
            at=now,
            language=holder.language if holder else "ru",
            amount=after.debt,
        )
        booking = self.bookings.get(attempt.booking) if attempt.booking else None
        grounds = Grounds(holder, after, undone)
        return (
            *wallet_writes([taken], wallet),
            Write(undone, attempt.version),
            *([Write(told)] if after.debt else []),
            *([Write(photographs_of_dispute(undone, now))] if booking is not None else []),
            *(self._suspend(booking, grounds, now, rules) if booking is not None else ()),
        )

    def _suspend(self, booking: Booking, grounds: Grounds, now: datetime, rules: Rules) -> tuple[Write, ...]:
        ground = wanted(booking, grounds)
        if booking.status not in EXPECTED or booking.suspended is not None or ground is None:
            return ()
        return suspension_writes(booking, suspension=ground, now=now, by="provider", rules=rules)

    def _restore(self, attempt: PaymentAttempt, event: PaymentEvent) -> tuple[Write, ...]:
        now = self.clock.now()
        given = restoration(attempt, event, now=now, rules=self.rules_on(now))
        won = replace(attempt, state=AttemptState.SUCCEEDED, version=attempt.version + 1)
        return (*wallet_writes([given], self.ledger.wallet(attempt.account)), Write(won, attempt.version))


def posting_id(attempt: PaymentAttempt, event: PaymentEvent, *, opened: bool) -> str:
    """
    Name the posting of a dispute: one a charge, however often the provider tells of it.
    """
    return f"{'dispute' if opened else 'dispute_won'}:{event.charge or attempt.id}"


def reversal(attempt: PaymentAttempt, event: PaymentEvent, *, wallet: Wallet, now: datetime, rules: Rules) -> Posting:
    """
    Take a payment back: what is available goes first, the rest is the user's debt (D28, D30).
    """
    available = min(wallet.available, event.amount)
    legs = (
        Leg(LedgerAccount.PROVIDER, event.amount),
        Leg(LedgerAccount.WALLET_AVAILABLE, -available),
        Leg(LedgerAccount.USER_DEBT, available - event.amount),
    )
    return Posting(
        id=posting_id(attempt, event, opened=True),
        wallet=attempt.account,
        kind="payment_reversed",
        at=now,
        day=rules.today(now),
        legs=tuple(leg for leg in legs if leg.amount),
        booking=attempt.booking,
        reference=event.intent,
    )


def restoration(attempt: PaymentAttempt, event: PaymentEvent, *, now: datetime, rules: Rules) -> Posting:
    """
    Bring a payment back that was disputed in vain; what is left of the debt is paid out of it first.
    """
    return Posting(
        id=posting_id(attempt, event, opened=False),
        wallet=attempt.account,
        kind="payment_restored",
        at=now,
        day=rules.today(now),
        legs=transfer(LedgerAccount.PROVIDER, LedgerAccount.WALLET_AVAILABLE, event.amount),
        booking=attempt.booking,
        reference=event.intent,
    )
