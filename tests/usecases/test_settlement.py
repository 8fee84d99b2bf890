"""
Closed days: settled once and forever, equal to the ledger, none forgotten, reversals netted and never below zero (§24, D29).
"""

from datetime import date, timedelta

import pytest

from chalicelib.domain.money import LedgerAccount, Posting, transfer
from chalicelib.usecases.ports import Write
from tests.factories import SLOT
from tests.fakes.gathering import at_once
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.rules import RULES
from tests.fakes.samples import HERE

FIRST = date(2026, 11, 25)
TODAY = date(2026, 12, 1)


def balance(office, account):
    """
    Sum an account over all postings of the test's days, remittances included.
    """
    days = [FIRST + timedelta(days=offset) for offset in range(30)]
    postings = [posting for day in days for place in (HERE, "-") for posting in office.store.ledger.of_day(day, place)]
    return sum(posting.change_of(account) for posting in postings)


def reversed_forfeit(office, amount):
    """
    Give a forfeited deposit back, as a passage that overrides a cancellation does.
    """
    now = office.clock.now()
    legs = transfer(LedgerAccount.FORFEITS, LedgerAccount.WALLET_AVAILABLE, amount)
    posting = Posting("restore", "acc_1", "deposit_restored", now, RULES.today(now), legs, checkpoint=HERE, place_class="general")
    wallet = office.store.ledger.wallet("acc_1")
    office.store.commit(Write(posting), Write(wallet.after([posting]), wallet.version))


@pytest.mark.rule("24", "D29")
class TestSettlement:
    def test_equals_the_ledger_of_its_day(self, office):
        """
        Two confirmations and a second miss: fees and the forfeited deposit by checkpoint and class; the remittance empties the revenue accounts.
        """
        first = office.confirmed(1)
        office.cancel_for(first)
        second = office.confirmed(1, id="bk_9", slot=SLOT.replace(hour=16))
        office.cancel_for(second)
        office.clock.move_to(SLOT.replace(day=2, hour=0, minute=10))

        assert TODAY == office.settle()[-1]

        settled = office.store.ledger.settlement(TODAY)
        (row,) = settled.rows
        assert (HERE, "general", 2 * FEE, 2, DEPOSIT, 1) == (
            row.checkpoint,
            row.place_class,
            row.fees,
            row.fee_count,
            row.forfeits,
            row.forfeit_count,
        )
        assert (2 * FEE + DEPOSIT, TODAY + timedelta(days=3)) == (settled.due, settled.due_on)
        assert office.store.ledger.has_posting(wallet="system", posting=f"remittance:{TODAY}")
        assert (0, 0, settled.due) == tuple(
            balance(office, account) for account in (LedgerAccount.FEE_REVENUE, LedgerAccount.FORFEITS, LedgerAccount.BUDGET_PAID)
        )

    def test_waits_ten_minutes_for_its_day_to_close(self, office):
        """
        Until 00:10 yesterday is not closed.
        """
        office.clock.move_to(SLOT.replace(day=2, hour=0, minute=9, second=59))
        assert TODAY not in office.settle()
        office.clock.advance(seconds=1)

        assert [TODAY] == list(office.settle())

    def test_is_written_once_by_whoever_comes_first(self, office):
        """
        Two runs at once settle each day once between them; a later run finds nothing to do.
        """
        office.confirmed()
        office.clock.move_to(SLOT.replace(day=2, hour=1))

        runs = at_once(office.settle, office.rebuilt().settle)

        wanted = [FIRST + timedelta(days=offset) for offset in range(7)]
        assert wanted == sorted([*runs[0], *runs[1]])
        assert [] == office.settle()
        assert FEE == office.store.ledger.settlement(TODAY).due == balance(office, LedgerAccount.BUDGET_PAID)

    def test_forgets_no_day_after_a_long_silence(self, quick_office):
        """
        After eighty days without a run the oldest days are settled first, 31 a run, until none is left.
        """
        quick_office.confirmed()
        quick_office.clock.advance(days=80)

        runs = [quick_office.settle() for _ in range(4)]

        assert [31, 31, 24, 0] == [len(run) for run in runs]
        assert FIRST == runs[0][0]
        assert FEE == quick_office.store.ledger.settlement(TODAY).due

    def test_is_netted_with_a_reversal_and_never_below_zero(self, office):
        """
        More is reversed on a day than comes in: that day remits nothing, the next ones remit less, until it is even.
        """
        office.clock.move_to(SLOT.replace(day=1, hour=8))
        office.settle()
        reversed_forfeit(office, 3 * FEE)
        office.clock.advance(days=1)
        office.confirmed(1, slot=SLOT.replace(day=3))
        office.confirmed(2, slot=SLOT.replace(day=3))
        office.clock.advance(days=1)
        for number in (3, 4):
            office.confirmed(number, slot=SLOT.replace(day=3, hour=13 + number))
        office.clock.advance(days=1)
        office.settle()

        due = [office.store.ledger.settlement(TODAY + timedelta(days=offset)).due for offset in range(3)]
        assert [0, 0, FEE] == due
        assert FEE == balance(office, LedgerAccount.BUDGET_PAID)
        assert 0 == balance(office, LedgerAccount.FEE_REVENUE) + balance(office, LedgerAccount.FORFEITS)
