"""
What the registrar, the head and a payer's bank do to accounts in a life: blocks, complaints, debts (§6-2, §27, D22, D28).
"""

from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.ports import StoreBusyError
from tests.fakes.books import ACCOUNTS
from tests.fakes.story import deed

NUMBERS = st.integers(0, 7)


class Proceedings:
    """
    Mixed into a state machine that gives `office`, `pick`, `count`, `attempts` and `complaints`.
    """

    @precondition(lambda self: self.count)
    @deed(
        "the registrar blocks the account of {booking} for false data, with the booking: {with_booking} (§6-2)",
        number=NUMBERS,
        with_booking=st.booleans(),
    )
    def block(self, number, with_booking):
        """
        The registrar blocks an account for false data, with a booking that rests on it or without.
        """
        booking = self.pick(number)
        return self.office.block(self.office.booking(booking).account, *([booking] if with_booking else []))

    @deed("a user whose account is blocked complains, {account} if any may (§6-2)", account=st.sampled_from(ACCOUNTS))
    def complain(self, account):
        """
        A blocked user complains; where nobody is blocked, somebody tries all the same.
        """
        blocked = [each for each in ACCOUNTS if any(block.stands for block in self.store.accounts.account(each).blocks)]
        done = self.office.complained(account=blocked[0] if blocked and account not in blocked else account)
        if isinstance(done, Done):
            self.complaints.append(done.resource)
        return done

    @precondition(lambda self: self.complaints)
    @deed("the head decides the latest complaint, upheld: {upheld} (§6-2)", upheld=st.booleans())
    def decide(self, upheld):
        """
        The head decides the latest complaint, once more perhaps.
        """
        return self.office.ruled(self.complaints[-1], upheld=upheld)

    @precondition(lambda self: self.attempts)
    @deed("the payer’s bank takes a payment back, given up again: {won} (§27)", number=NUMBERS, won=st.booleans())
    def dispute(self, number, won):
        """
        A payer's bank takes a payment back, or gives it up again.
        """
        attempt = self.attempts[-1 - number % len(self.attempts)]
        with suppress(StoreBusyError):  # told before what it follows, it is told again
            self.office.disputed(attempt, self.office.provider.intents[f"pi_{attempt}"], won=won)
