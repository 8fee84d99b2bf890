"""
What becomes of a booking that stands still: by a block (§6-2, D22) or by its own payment taken back (D28).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.blocks import lifted
from chalicelib.domain.bookings import Status, Suspension
from chalicelib.domain.money import LedgerAccount, Leg, Posting, Wallet, debt_payment
from chalicelib.domain.payments import AttemptState, PaymentAttempt
from chalicelib.domain.schedule import Step, call_at, lapses_at, next_step
from chalicelib.domain.suspension import Grounds, Turn, turn_of, wanted
from tests.factories import SLOT, block, minutes
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, NOW

BLOCK = block(bookings=("bk_1",))
BY_BLOCK = Suspension("6-2", "false_data", BLOCK.id, NOW)
BY_DEBT = Suspension("27", "debt", "pay_1", NOW)
REVERSED = PaymentAttempt("pay_1", "acc_1", "booking", 5, AttemptState.REVERSED, NOW, 1, "bk_1", "pi_1")
OWED = Wallet("acc_1", debt=1, debt_since=NOW)
END = SLOT + minutes(60)


def booking(status=Status.CONFIRMED, **changes):
    """
    A booking of the hour at 14:00, paid by a card.
    """
    fields = {"slot_start": SLOT, "slot_end": END, "day": DAY, "attempt": "pay_1", "called_at": None, "reminded_at": NOW, "suspended": None}
    return samples.booking(status=status, **{**fields, **changes})


def turn(seen, *blocks, wallet=None, attempt=None, now=NOW):
    """
    Ask what is to be done.
    """
    grounds = Grounds(samples.account(blocks=blocks), wallet or Wallet("acc_1"), attempt)
    return turn_of(seen, grounds, now=now, rules=RULES)


@pytest.mark.rule("6-2", "D22")
class TestBlocked:
    @pytest.mark.parametrize("status", [Status.VERIFYING, Status.VERIFIED, Status.HELD, Status.CONFIRMED, Status.ARRIVED, Status.CALLED])
    def test_suspends_whatever_is_not_over(self, status):
        """
        From application to call; the suspension names paragraph, reason, block and since when.
        """
        assert Turn.SUSPEND is turn(booking(status), BLOCK)
        assert BY_BLOCK == wanted(booking(status), Grounds(samples.account(blocks=(BLOCK,)), Wallet("acc_1"), None))

    @pytest.mark.parametrize("status", [Status.ADMITTED, Status.CROSSED, Status.CANCELLED, Status.ANNULLED, Status.EXPIRED, Status.REFUSED])
    def test_leaves_what_is_inside_or_over(self, status):
        """
        Nobody is fetched back.
        """
        assert Turn.STAY is turn(booking(status), BLOCK)

    def test_leaves_what_does_not_rest_on_the_data(self):
        """
        A booking that the block does not name runs on; so does any where the account is not known.
        """
        assert Turn.STAY is turn(booking(id="bk_2"), BLOCK)
        assert Turn.STAY is turn_of(booking(), Grounds(None, Wallet("acc_1"), None), now=NOW, rules=RULES)

    def test_lifted_revives_until_the_slot_begins(self):
        """
        A moment before it runs on, at its beginning it is withdrawn; one without a paid slot runs on in any case.
        """
        free = lifted(BLOCK, at=NOW, by="acc_9", because="x")
        stopped = booking(suspended=BY_BLOCK)

        assert Turn.RESUME is turn(stopped, free, now=SLOT - timedelta(microseconds=1))
        assert Turn.WITHDRAW is turn(stopped, free, now=SLOT)
        assert Turn.RESUME is turn(booking(Status.HELD, suspended=BY_BLOCK), free, now=SLOT)
        assert Turn.RESUME is turn(booking(Status.VERIFIED, slot_start=None, suspended=BY_BLOCK), free, now=SLOT)

    def test_upheld_cancels(self):
        """
        The complaint dismissed: at once.
        """
        assert Turn.CANCEL is turn(booking(suspended=BY_BLOCK), replace(BLOCK, upheld_at=NOW))

    def test_uncontested_ends_with_the_term_to_complain(self):
        """
        90 days after the block, never before the interval's end; an open complaint is waited for.
        """
        late = block(bookings=("bk_1",), since=NOW - timedelta(days=100))
        term = NOW + timedelta(days=90)
        stopped = booking(suspended=BY_BLOCK)

        assert term == lapses_at(stopped, RULES)
        assert END == lapses_at(booking(suspended=replace(BY_BLOCK, since=late.since)), RULES)
        assert Turn.STAY is turn(stopped, BLOCK, now=term - timedelta(microseconds=1))
        assert Turn.CANCEL is turn(stopped, BLOCK, now=term)
        assert Turn.POSTPONE is turn(stopped, replace(BLOCK, complaint="cmp_1"), now=term)

    def test_by_another_block_is_suspended_anew(self):
        """
        A new block that names the booking takes the place of what it stood still for.
        """
        assert Turn.SUSPEND is turn(booking(suspended=BY_DEBT), BLOCK, wallet=OWED, attempt=REVERSED)
        assert Turn.STAY is turn(booking(suspended=BY_BLOCK), BLOCK, wallet=OWED, attempt=REVERSED)


@pytest.mark.rule("27", "D28")
class TestInDebt:
    def test_suspends_only_by_its_own_payment(self):
        """
        Its own card payment is reversed and something is owed: else it runs on.
        """
        own = booking()

        assert Turn.SUSPEND is turn(own, wallet=OWED, attempt=REVERSED)
        assert BY_DEBT == wanted(own, Grounds(None, OWED, REVERSED))
        assert Turn.STAY is turn(own, wallet=OWED, attempt=replace(REVERSED, state=AttemptState.SUCCEEDED))
        assert Turn.STAY is turn(own, wallet=OWED, attempt=replace(REVERSED, id="pay_2"))
        assert Turn.STAY is turn(own, wallet=OWED)
        assert Turn.STAY is turn(own, attempt=REVERSED)
        assert Turn.STAY is turn(booking(Status.HELD), wallet=OWED, attempt=REVERSED)

    def test_paid_runs_on(self):
        """
        The debt gone: in force again, even when the slot has begun.
        """
        for now in (NOW, SLOT, END):
            assert Turn.RESUME is turn(booking(suspended=BY_DEBT), attempt=REVERSED, now=now)

    def test_unpaid_at_the_call_is_cancelled(self):
        """
        The call's moment closes it; suspended after its call, the interval's end does.
        """
        stopped, call = booking(suspended=BY_DEBT), call_at(booking(), RULES)

        assert Turn.STAY is turn(stopped, wallet=OWED, attempt=REVERSED, now=call - timedelta(microseconds=1))
        assert Turn.CANCEL is turn(stopped, wallet=OWED, attempt=REVERSED, now=call)
        late = booking(suspended=replace(BY_DEBT, since=call))
        assert END == lapses_at(late, RULES)
        assert Turn.STAY is turn(late, wallet=OWED, attempt=REVERSED, now=call)


@pytest.mark.rule("D22", "D28", "34", "35")
class TestDue:
    def test_is_the_lapse_alone(self):
        """
        A suspended booking waits for nothing but its own end: no notice, call or no-show; before payment it runs out as ever.
        """
        assert next_step(booking(), RULES).step in {Step.RECHECK, Step.CALL}
        for suspended in (BY_BLOCK, BY_DEBT):
            stopped = booking(suspended=suspended)
            assert (Step.LAPSE, lapses_at(stopped, RULES)) == (next_step(stopped, RULES).step, next_step(stopped, RULES).at)
            called = booking(Status.CALLED, called_at=NOW, suspended=suspended)
            assert Step.LAPSE is next_step(called, RULES).step
        held = booking(Status.HELD, suspended=BY_BLOCK, hold_expires_at=NOW + minutes(10))
        assert (Step.TIDY, None) == (next_step(held, RULES).step, lapses_at(held, RULES))

    def test_inside_or_over_is_as_without_it(self):
        """
        A vehicle let in while suspended is asked about and checked after the trip like any other.
        """
        for status in (Status.ADMITTED, Status.CROSSED):
            plain = booking(status, admitted_at=NOW, crossed_at=NOW if status is Status.CROSSED else None)
            assert next_step(plain, RULES) == next_step(replace(plain, suspended=BY_BLOCK), RULES)

    def test_is_put_off_by_a_postponement(self):
        """
        An open complaint: looked at again when it was said.
        """
        later = NOW + timedelta(days=200)

        assert later == next_step(booking(suspended=BY_BLOCK, annul_not_before=later), RULES).at


@pytest.mark.rule("27", "D28", "D30")
class TestDebtPayment:
    AFTER = Posting("top_1", "acc_1", "top_up", NOW, DAY, (Leg(LedgerAccount.PROVIDER, -1), Leg(LedgerAccount.WALLET_AVAILABLE, 1)))

    @pytest.mark.parametrize(("available", "debt", "paid"), [(5, 3, 3), (3, 5, 3), (0, 5, 0), (5, 0, 0), (4, 4, 4)])
    def test_takes_what_is_available_and_no_more_than_is_owed(self, available, debt, paid):
        """
        The lesser of both, between the wallet's own accounts; nothing to move is no posting.
        """
        wallet = Wallet("acc_1", available=available, debt=debt, debt_since=NOW if debt else None)

        posting = debt_payment(wallet, after=self.AFTER)

        assert (posting is not None) == (paid > 0)
        if posting is not None:
            after = wallet.after([posting])
            assert (available - paid, debt - paid) == (after.available, after.debt)
            assert ("debt:top_1", NOW, DAY, None if debt == paid else NOW) == (posting.id, posting.at, posting.day, after.debt_since)

    def test_is_owed_since_the_first_of_it(self):
        """
        A debt that grows is as old as it was; paid in full it has no age.
        """
        more = Posting("d", "acc_1", "payment_reversed", SLOT, DAY, (Leg(LedgerAccount.PROVIDER, 2), Leg(LedgerAccount.USER_DEBT, -2)))

        assert SLOT == Wallet("acc_1").after([more]).debt_since
        assert NOW == OWED.after([more]).debt_since
