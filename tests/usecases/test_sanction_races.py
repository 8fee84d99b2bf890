"""
Two at once about one account: one decision, one block, one reversal, and a clear answer for the other (§6-2, D22, D28).
"""

import threading
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.complaints import About
from chalicelib.domain.decisions import Code, Refused
from chalicelib.usecases.outcomes import Done
from tests import factories
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.sanctions import DEPUTY, HEAD
from tests.usecases.test_payments import codes

pytestmark = pytest.mark.rule("6-2", "D22")
ROUNDS = 5


def raced(*acts):
    """
    Let acts happen at once: what each came to.
    """
    barrier, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        barrier.wait()
        found[number] = act()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def slot_of(number):
    """
    Give each round a slot of its own.
    """
    return factories.SLOT + timedelta(hours=number)


class TestRaces:
    def test_of_two_heads_leave_one_decision(self, office):
        """
        Upheld by one, dismissed by the other: one of them stands with its effect, the other is told so.
        """
        office.people_of(1)
        for round_ in range(ROUNDS):
            booking = office.confirmed(round_ + 1, account="acc_1", slot=slot_of(round_))
            office.cancel_for(booking)
            complaint = office.complained(About.FEE, booking=booking).resource
            before = office.wallet()[0]
            outcomes = raced(
                lambda complaint=complaint: office.ruled(complaint, upheld=True, by=HEAD),
                lambda complaint=complaint: office.rebuilt().ruled(complaint, upheld=False, by=DEPUTY),
            )

            upheld = isinstance(outcomes[0], Done)
            assert [True, False] == sorted((isinstance(each, Done) for each in outcomes), reverse=True)
            loser = next(each for each in outcomes if isinstance(each, Refused))
            assert [Code.COMPLAINT_DECIDED] == codes(loser)
            assert before + (FEE if upheld else 0) == office.wallet()[0]

    def test_of_two_registrars_leave_one_block(self, office):
        """
        Whoever comes second finds the account blocked.
        """
        office.people_of(1)
        for _ in range(ROUNDS):
            outcomes = raced(office.block, lambda: office.rebuilt().block())

            assert 1 == sum(isinstance(each, Done) for each in outcomes)
            assert 1 == sum(block.stands for block in office.store.accounts.account("acc_1").blocks)
            office.unblock()

    @pytest.mark.rule("D28")
    def test_of_a_webhook_told_twice_take_the_money_back_once(self, office):
        """
        One reversal, one suspension, whatever the provider repeats.
        """
        office.people_of(*range(1, ROUNDS + 1))
        for number in range(1, ROUNDS + 1):
            booking, attempt = office.paid_by_card(number, slot=slot_of(number))
            outcomes = raced(
                lambda attempt=attempt: office.disputed(attempt, FEE + DEPOSIT),
                lambda attempt=attempt: office.rebuilt().disputed(attempt, FEE + DEPOSIT),
            )

            assert [False, True] == sorted(outcomes)
            assert FEE + DEPOSIT == office.store.ledger.wallet(f"acc_{number}").debt
            assert 1 == [event.kind for event in office.store.histories.of_aggregate(booking)].count("suspended")

    def test_of_a_block_with_a_payment_end_in_a_paid_booking_that_stands_still(self, office):
        """
        The card's success and the block at once: the payment counts, and what rests on false data is suspended, in either order.
        """
        office.people_of(*range(1, ROUNDS + 1))
        for number in range(1, ROUNDS + 1):
            booking = office.held(number, slot=slot_of(number))
            attempt = office.pay_for(booking, by_card=True).answer["attempt"]
            event = office.provider.succeeded(attempt)
            raced(
                lambda event=event: office.receive(event=event),
                lambda number=number, booking=booking: office.rebuilt().block(f"acc_{number}", booking),
            )

            after = office.booking(booking)
            assert (Status.CONFIRMED, "false_data") == (after.status, after.suspended.reason)

    def test_of_a_decision_with_the_slots_beginning_revive_or_withdraw(self, office):
        """
        A complaint upheld as the slot begins: a booking in force, or everything back; never something between.
        """
        office.people_of(1, 2)
        for number, moment in ((1, factories.SLOT - timedelta(microseconds=1)), (2, factories.SLOT)):
            booking = office.confirmed(number)
            office.block(f"acc_{number}", booking)
            complaint = office.complained(account=f"acc_{number}").resource
            now = office.clock.now()
            office.clock.move_to(moment)
            office.ruled(complaint, upheld=True)
            office.clock.move_to(now)

            status = office.booking(booking).status
            assert (Status.CONFIRMED if moment < factories.SLOT else Status.WITHDRAWN) == status
            assert ((0, DEPOSIT) if status is Status.CONFIRMED else (FEE + DEPOSIT, 0)) == office.wallet(f"acc_{number}")
