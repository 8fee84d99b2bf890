"""
A payment taken back makes a debt, a debt closes booking at once, and paid in full it lifts by itself (§27, D28, D30).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.money import DepositState, LedgerAccount
from chalicelib.domain.payments import AttemptState
from chalicelib.domain.records import Task
from chalicelib.usecases.ports import StoreBusyError
from tests import factories
from tests.fakes.office import DEPOSIT, FEE
from tests.usecases.test_blocks import kinds, told
from tests.usecases.test_payments import codes

pytestmark = pytest.mark.rule("27", "D28")
TOTAL = FEE + DEPOSIT
CALL = factories.SLOT - timedelta(minutes=150)


@pytest.fixture
def office(quick_office):
    """
    An office with users 1 and 2.
    """
    quick_office.people_of(1, 2)
    return quick_office


def topped_up(office, amount, *, account="acc_1", key="top"):
    """
    Put money on a wallet by card: the attempt.
    """
    attempt = office.top_up(account=account, amount=amount, request=factories.request(key)).answer["attempt"]
    office.receive(event=office.provider.succeeded(attempt))
    return attempt


def follow_up(office):
    """
    Deliver what must follow about accounts.
    """
    rows = [row for shard in range(8) for row in office.store.outbox.pending(shard=shard, until=office.clock.now(), limit=200)]
    for row in rows:
        if row.task is Task.STANDING:
            office.follow.of_account(account=row.payload["account"])


class TestReversal:
    @pytest.mark.rule("D30")
    def test_takes_what_is_available_first(self, office):
        """
        The rest is a debt since then; the provider's account is what it was before the payment; a repeated event does nothing.
        """
        attempt = topped_up(office, TOTAL)
        booking = office.held(1)
        office.pay_for(booking)
        office.fill("acc_1", 1_000)

        assert office.disputed(attempt, TOTAL)
        assert not office.disputed(attempt, TOTAL)

        wallet = office.store.ledger.wallet("acc_1")
        assert (0, DEPOSIT, TOTAL - 1_000) == (wallet.available, wallet.held, wallet.debt)
        assert office.clock.now() == wallet.debt_since
        postings = office.store.ledger.postings("acc_1", limit=50, cursor=None).items
        assert sum(posting.change_of(LedgerAccount.PROVIDER) for posting in postings) == -1_000
        assert "debt" in told(office)

    def test_covered_by_the_wallet_is_no_debt(self, office):
        """
        Where enough is available nothing is owed, nothing closed, nobody alarmed.
        """
        attempt = topped_up(office, TOTAL)
        office.disputed(attempt, TOTAL)

        wallet = office.store.ledger.wallet("acc_1")
        assert (0, 0, None) == (wallet.available, wallet.debt, wallet.debt_since)
        assert "debt" not in told(office)

    def test_before_its_payment_is_asked_for_again(self, office):
        """
        A dispute of a payment not known to have succeeded, or won before it was opened, comes again; nothing moved meanwhile.
        """
        attempt = office.top_up(account="acc_1", amount=TOTAL, request=factories.request("top")).answer["attempt"]
        with pytest.raises(StoreBusyError):
            office.disputed(attempt, TOTAL)
        office.receive(event=office.provider.succeeded(attempt))
        with pytest.raises(StoreBusyError):
            office.disputed(attempt, TOTAL, won=True)

        assert (TOTAL, 0) == office.wallet()

    def test_is_undone_when_the_dispute_is_won(self, office):
        """
        The money comes back, the debt first; the payment stands again, once.
        """
        _, attempt = office.paid_by_card(1)
        office.disputed(attempt, TOTAL)

        assert office.disputed(attempt, TOTAL, won=True)
        assert not office.disputed(attempt, TOTAL, won=True)

        wallet = office.store.ledger.wallet("acc_1")
        assert (0, DEPOSIT, 0) == (wallet.available, wallet.held, wallet.debt)
        assert AttemptState.SUCCEEDED == office.store.ledger.attempt(attempt).state

    def test_does_not_let_the_payment_come_in_twice(self, office):
        """
        The event of the payment itself, sent again after the reversal, brings nothing.
        """
        attempt = topped_up(office, TOTAL)
        office.disputed(attempt, TOTAL)

        assert not office.receive(event=office.provider.succeeded(attempt))
        assert (0, 0) == office.wallet()


class TestDebt:
    def test_closes_booking_at_once_and_says_how_much(self, office):
        """
        No application, place or payment; a confirmed booking paid otherwise runs on, and can be cancelled.
        """
        attempt = topped_up(office, TOTAL)
        paid = office.held(1)
        office.pay_for(paid)
        other = office.verified(2, account="acc_1")
        office.disputed(attempt, TOTAL)

        for outcome in (
            office.request(account="acc_1", application=factories.application(), request=factories.request("a")),
            office.take_for(other),
        ):
            reason = next(each for each in outcome.reasons if each.code is Code.DEBT)
            assert ("27", TOTAL) == (reason.rule, reason.parameters["debt"])
        assert office.booking(paid).suspended is None
        assert 200 == office.cancel_for(paid).status

    def test_is_paid_by_a_top_up_first_and_lifts_by_itself(self, office):
        """
        Part of it leaves the rest owed; the last tiyn opens booking again, and what is over is available.
        """
        attempt = topped_up(office, TOTAL)
        office.pay_for(office.held(1))
        other = office.verified(2, account="acc_1")
        office.disputed(attempt, TOTAL)

        topped_up(office, TOTAL - 1, key="part")
        assert (0, 1) == (office.wallet()[0], office.store.ledger.wallet("acc_1").debt)
        assert [Code.DEBT] == codes(office.take_for(other))
        topped_up(office, 50_000, key="rest")

        assert (49_999, 0) == (office.wallet()[0], office.store.ledger.wallet("acc_1").debt)
        assert office.store.ledger.wallet("acc_1").debt_since is None
        assert 200 == office.take_for(other, key="again").status

    def test_is_paid_by_a_deposit_that_is_released(self, office):
        """
        Whatever becomes available pays the debt first.
        """
        attempt = topped_up(office, TOTAL)
        booking = office.held(1)
        office.pay_for(booking)
        office.disputed(attempt, TOTAL)
        office.cancel_for(booking)

        wallet = office.store.ledger.wallet("acc_1")
        assert (0, 0, TOTAL - DEPOSIT) == (wallet.available, wallet.held, wallet.debt)


class TestOwnPaymentReversed:
    def test_suspends_the_booking_and_paid_in_full_it_runs_on(self, office):
        """
        The booking whose own payment went back stands still; the debt paid, it is revived without anybody's doing.
        """
        booking, attempt = office.paid_by_card(1)
        office.disputed(attempt, TOTAL)
        assert ("27", "debt") == (office.booking(booking).suspended.rule, office.booking(booking).suspended.reason)
        assert "suspended" in told(office)

        topped_up(office, TOTAL)
        follow_up(office)

        assert (Status.CONFIRMED, None) == (office.booking(booking).status, office.booking(booking).suspended)
        assert ["suspended", "resumed"] == kinds(office, booking)[-2:]

    def test_unpaid_at_its_call_it_counts_as_cancelled(self, office):
        """
        A second before the call nothing happens; at the call it ends by the rules of a cancellation, and its deposit pays the debt.
        """
        booking, attempt = office.paid_by_card(1)
        office.disputed(attempt, TOTAL)
        office.clock.move_to(CALL - timedelta(seconds=1))
        assert not office.follow.lapse(booking=booking)
        office.clock.move_to(CALL)
        assert office.follow.lapse(booking=booking)

        after = office.booking(booking)
        assert (Status.CANCELLED, DepositState.FORGIVEN) == (after.status, after.deposit)
        assert TOTAL - DEPOSIT == office.store.ledger.wallet("acc_1").debt
        assert not office.time.call(booking=booking)

    def test_paid_before_its_call_it_is_called(self, office):
        """
        The step that would end it looks at the wallet itself: even where the word of the payment is lost, it runs on and is called.
        """
        booking, attempt = office.paid_by_card(1)
        office.disputed(attempt, TOTAL)
        topped_up(office, TOTAL)
        office.clock.move_to(CALL)

        assert office.follow.lapse(booking=booking)
        assert office.time.remind(booking=booking)
        assert office.time.call(booking=booking)

    def test_after_the_call_it_has_until_its_interval_ends(self, office):
        """
        A truck already called is not turned away at once: unpaid at the interval's end it counts as cancelled.
        """
        booking, attempt = office.paid_by_card(1)
        office.clock.move_to(CALL)
        office.time.remind(booking=booking)
        office.time.call(booking=booking)
        office.disputed(attempt, TOTAL)
        end = office.booking(booking).slot_end
        office.clock.move_to(end - timedelta(seconds=1))
        assert not office.follow.lapse(booking=booking)
        office.clock.move_to(end)

        assert office.follow.lapse(booking=booking)
        assert Status.CANCELLED == office.booking(booking).status

    @pytest.mark.rule("6-2")
    def test_under_a_block_too_the_debt_is_left_when_the_block_is_lifted(self, office):
        """
        False data weigh more; lifted, the booking stands still for the debt, and runs on once that is paid.
        """
        booking, attempt = office.paid_by_card(1)
        office.disputed(attempt, TOTAL)
        office.block("acc_1", booking)
        assert "false_data" == office.booking(booking).suspended.reason
        office.unblock()
        assert "debt" == office.booking(booking).suspended.reason
        topped_up(office, TOTAL)
        follow_up(office)

        assert office.booking(booking).suspended is None
