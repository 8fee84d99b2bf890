"""
Random blocks, complaints, decisions, reversals and payments: an account always stands as the law's table says, and its bookings follow (§6-2, §27, D22, D28).
"""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import calendar
from chalicelib.domain.bookings import BEFORE_PAYMENT, EXPECTED
from chalicelib.domain.complaints import About, ComplaintStatus
from chalicelib.domain.decisions import Code
from chalicelib.domain.money import LedgerAccount
from chalicelib.domain.records import Task
from chalicelib.domain.standing import Deed, may_act
from chalicelib.usecases.outcomes import Done
from tests import factories
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import DEPOSIT, FEE, Office
from tests.fakes.outside import StandingClock
from tests.fakes.rules import RULES, next_step
from tests.fakes.samples import NOW
from tests.fakes.sanctions import DEPUTY, HEAD, working_calendar

pytestmark = pytest.mark.rule("6-2", "27", "D22", "D28", "D30")
TOTAL = FEE + DEPOSIT
DEEDS = ("block", "unblock", "complain", "uphold", "dismiss", "dispute", "win", "top_up", "fill", "wait", "follow", "cancel")


class Story:
    """
    One account with two bookings paid by card, told to the office and, in a few plain words, to a model.
    """

    def __init__(self):
        self.office = Office(MemoryStore(next_step=next_step))
        self.office.open()
        self.office.people_of(1)
        paid = [self.office.paid_by_card(number, account="acc_1") for number in (1, 2)]
        self.bookings, self.attempts = [booking for booking, _ in paid], [attempt for _, attempt in paid]
        self.blocked, self.decided, self.keys = False, {}, iter(range(1000))

    def tell(self, deed, number):
        """
        Do one thing; the model knows what must have become of the block.
        """
        getattr(self, f"_{deed}")(number)
        self.check()

    def _block(self, number):
        done = self.office.block("acc_1", *self.bookings[: number % 3])
        assert isinstance(done, Done) == (not self.blocked)
        self.blocked = True

    def _unblock(self, number):
        assert isinstance(self.office.unblock(), Done) == self.blocked
        self.blocked = False

    def _complain(self, number):
        about = (About.BLOCK, About.OTHER)[number % 2]
        done = self.office.complained(about)
        if isinstance(done, Done):
            self.decided[done.resource] = None
        else:
            assert about is About.BLOCK

    def _uphold(self, number):
        self._decide(number, upheld=True)

    def _dismiss(self, number):
        self._decide(number, upheld=False)

    def _decide(self, number, *, upheld):
        if not self.decided:
            return
        complaint = sorted(self.decided)[number % len(self.decided)]
        seen = self.office.store.complaints.complaint(complaint)
        block = self.office.store.accounts.account("acc_1").blocks[-1:] if seen.about is About.BLOCK else ()
        done = self.office.ruled(complaint, upheld=upheld, by=(HEAD, DEPUTY)[number % 2])
        assert isinstance(done, Done) == (self.decided[complaint] is None)
        if isinstance(done, Done):
            self.decided[complaint] = upheld
            if upheld and block and block[0].id == seen.case:
                self.blocked = False

    def _dispute(self, number):
        self.office.disputed(self.attempts[number % 2], TOTAL)

    def _win(self, number):
        attempt = self.attempts[number % 2]
        if self.office.store.ledger.has_posting(wallet="acc_1", posting=f"dispute:ch_{attempt}"):
            self.office.disputed(attempt, TOTAL, won=True)

    def _top_up(self, number):
        amount = (TOTAL // 2, TOTAL, 2 * TOTAL)[number % 3]
        request = factories.request(f"top-{next(self.keys)}")
        attempt = self.office.top_up(account="acc_1", amount=amount, request=request).answer["attempt"]
        self.office.receive(event=self.office.provider.succeeded(attempt))

    def _fill(self, number):
        if self.office.store.ledger.wallet("acc_1").debt == 0:
            self.office.fill("acc_1", 1_000 * (number % 5 + 1))

    def _wait(self, number):
        self.office.clock.advance(hours=(1, 12, 30, 48)[number % 4])
        for booking in self.bookings:
            self.office.follow.lapse(booking=booking)

    def _follow(self, number):
        for shard in range(8):
            for row in self.office.store.outbox.pending(shard=shard, until=self.office.clock.now(), limit=200):
                if row.task is Task.STANDING:
                    self.office.follow.of_account(account=row.payload["account"])

    def _cancel(self, number):
        self.office.cancel_for(self.bookings[number % 2], key=f"cancel-{next(self.keys)}")

    def check(self):
        """
        The standing is the table's, no money is lost, and every complaint has at most one decision, the first.
        """
        account, wallet = self.office.store.accounts.account("acc_1"), self.office.store.ledger.wallet("acc_1")
        due = [code for code, stands in ((Code.ACCOUNT_BLOCKED, self.blocked), (Code.DEBT, wallet.debt > 0)) if stands]
        assert due == [reason.code for reason in may_act(account=account, wallet=wallet, deed=Deed.APPLY).reasons]
        assert sum(block.stands for block in account.blocks) == int(self.blocked)
        postings = self.office.store.ledger.postings("acc_1", limit=1000, cursor=None).items
        assert (wallet.available, wallet.held, wallet.debt) == (
            sum(posting.change_of(LedgerAccount.WALLET_AVAILABLE) for posting in postings),
            sum(posting.change_of(LedgerAccount.WALLET_HELD) for posting in postings),
            -sum(posting.change_of(LedgerAccount.USER_DEBT) for posting in postings),
        )
        assert wallet.available == 0 or wallet.debt == 0
        for complaint, upheld in self.decided.items():
            status = {None: ComplaintStatus.REGISTERED, True: ComplaintStatus.UPHELD, False: ComplaintStatus.DISMISSED}[upheld]
            assert status is self.office.store.complaints.complaint(complaint).status

    def settle(self):
        """
        At rest a live booking is suspended exactly where a standing block names it, or its own payment is reversed and owed.
        """
        self._follow(0)
        self._wait(0)
        account, wallet = self.office.store.accounts.account("acc_1"), self.office.store.ledger.wallet("acc_1")
        resting = {booking for block in account.blocks if block.stands for booking in block.bookings}
        for booking, attempt in zip(self.bookings, self.attempts, strict=True):
            seen = self.office.booking(booking)
            if seen.status in EXPECTED | BEFORE_PAYMENT:
                owed = wallet.debt > 0 and self.office.store.ledger.attempt(attempt).state == "reversed"
                reason = "false_data" if booking in resting else ("debt" if owed else None)
                assert reason == (seen.suspended.reason if seen.suspended else None)


class TestStories:
    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 59)), max_size=25))
    def test_leave_the_account_as_the_law_says(self, deeds):
        """
        After each deed the table, the ledger and the decisions hold; at rest the bookings stand as the account does.
        """
        story = Story()
        for deed, number in deeds:
            story.tell(deed, number)

        story.settle()

        assert story.office.store.ledger.wallet("acc_1").debt >= 0


class TestDueDates:
    @settings(max_examples=60, deadline=None)
    @given(st.datetimes(NOW.replace(tzinfo=None), NOW.replace(tzinfo=None, year=2029)))
    def test_are_five_working_days_after_any_registration(self, moment):
        """
        Whatever the instant: counted by hand from the local day, the last working day of five.
        """
        store = MemoryStore(next_step=next_step)
        office = Office(store, clock=StandingClock(moment.replace(tzinfo=NOW.tzinfo)))
        office.people_of(1)
        made = store.complaints.complaint(office.complained(About.OTHER).resource)
        local = RULES.today(office.clock.now())
        worked = [day for day in _days_after(local, 30) if working_calendar().is_working_day(day)]

        assert worked[4] == made.due_on == calendar.add_working_days(local, count=5, calendar=working_calendar())


def _days_after(day: date, count: int) -> list[date]:
    return [day + timedelta(days=offset) for offset in range(1, count + 1)]
