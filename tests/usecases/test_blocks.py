"""
False data: the account is blocked, what rests on the data stands still, and what becomes of it (§6-2, D22).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.blocks import Evidence, EvidenceKind
from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.money import DepositState
from chalicelib.domain.schedule import Step
from chalicelib.usecases.block_account import Charge
from chalicelib.usecases.outcomes import Missing
from tests import factories
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.samples import HERE
from tests.fakes.sanctions import REGISTRAR
from tests.usecases.test_payments import codes

pytestmark = pytest.mark.rule("6-2", "D22")
SLOT = factories.SLOT


@pytest.fixture
def office(quick_office):
    """
    An office with users 1 and 2 and the registrar's people.
    """
    quick_office.people_of(1, 2)
    return quick_office


def kinds(office, aggregate):
    """
    Name the events of an aggregate in order.
    """
    return [event.kind for event in office.store.histories.of_aggregate(aggregate)]


def told(office):
    """
    Name the notices that wait in the outbox.
    """
    rows = [row for shard in range(8) for row in office.store.outbox.pending(shard=shard, until=office.clock.now(), limit=200)]
    return {row.payload["template"] for row in rows if row.task == "notify"}


class TestBlock:
    def test_closes_the_way_from_application_to_payment(self, office):
        """
        A blocked account applies for nothing, takes no place and pays for none; each refusal says since when and why.
        """
        verified, held = office.verified(1), office.held(2, account="acc_1")
        office.fill("acc_1", FEE + DEPOSIT)
        office.block()

        request = factories.request("apply")
        refused = [
            office.request(account="acc_1", application=factories.application(vehicle=factories.vehicle(3)), request=request),
            office.take_for(verified),
            office.pay_for(held),
            office.pay_for(held, by_card=True),
        ]

        for outcome in refused:
            reason = next(each for each in outcome.reasons if each.code is Code.ACCOUNT_BLOCKED)
            assert ("6-2", "VIN принадлежит другому ТС") == (reason.rule, reason.parameters["reason"])
        assert Status.HELD == office.booking(held).status

    def test_suspends_what_rests_on_the_data_and_nothing_else(self, office):
        """
        The named booking stands still, is told of, and leaves the gate's list to the officer; the other runs on to its call.
        """
        resting, sound = office.confirmed(1), office.confirmed(2, account="acc_1")
        office.block("acc_1", resting)

        assert ("6-2", "false_data") == (office.booking(resting).suspended.rule, office.booking(resting).suspended.reason)
        assert office.booking(sound).suspended is None
        assert {"account_blocked", "suspended"} <= told(office)
        assert ["account_blocked"] == kinds(office, "acc_1")
        assert "suspended" == kinds(office, resting)[-1]
        office.admissions(checkpoint=HERE)
        listed = {row["booking"]: row["status"] for row in office.link.admissions[-1].rows}
        office.clock.move_to(SLOT - timedelta(minutes=150))
        office.time.remind(booking=sound)
        assert office.time.call(booking=sound)
        assert not office.time.remind(booking=resting)
        assert not office.time.call(booking=resting)
        assert {} == listed or ("suspended", "confirmed") == (listed[resting], listed[sound])

    def test_is_one_at_a_time(self, office):
        """
        A second block waits until the first is lifted; lifting none is refused.
        """
        office.block()

        assert [Code.ALREADY_BLOCKED] == codes(office.block())
        office.unblock()
        assert [Code.NOT_BLOCKED] == codes(office.unblock())
        assert ["account_blocked", "account_unblocked"] == kinds(office, "acc_1")
        assert [False] == [block.stands for block in office.blocking.blocks(account="acc_1")]

    def test_rests_on_evidence_of_that_account(self, office):
        """
        Another's booking, an unknown one or a check never made prove nothing; staff are not blocked this way.
        """
        own, foreign = office.confirmed(1), office.confirmed(2)
        wrong = [
            Charge("x", (Evidence(EvidenceKind.BOOKING, booking=foreign),)),
            Charge("x", (Evidence(EvidenceKind.BOOKING, booking="bk_none"),)),
            Charge("x", (Evidence(EvidenceKind.CHECK, booking=own, source="99"),)),
            Charge("x", (Evidence(EvidenceKind.BOOKING, booking=own),), (foreign,)),
        ]

        for charge in wrong:
            outcome = office.blocking.block(registrar=REGISTRAR, account="acc_1", charge=charge, request=None)
            assert [Code.EVIDENCE_UNKNOWN] == codes(outcome)
        assert office.store.accounts.account("acc_1").blocks == ()
        assert Missing() == office.block(REGISTRAR)
        assert Missing() == office.block("acc_nobody")

    def test_of_one_account_does_not_hit_its_vehicle_in_another(self, office):
        """
        The truck of a blocked account is booked by another account like any other.
        """
        first = office.confirmed(1)
        office.cancel_for(first)
        office.block("acc_1", first)

        again = office.verified(2, vehicle=factories.vehicle(1))

        assert 200 == office.take_for(again).status

    def test_leaves_cancelling_open(self, office):
        """
        A suspended booking is cancelled by its holder by the rules of any other.
        """
        booking = office.confirmed(1)
        office.block("acc_1", booking)

        assert {"fee": "kept", "deposit": "forgiven"}.items() <= office.cancel_for(booking).answer.items()


class TestPaymentUnderWay:
    def test_completes_and_the_booking_stays_suspended(self, office):
        """
        What the card paid is booked as ever; a booking that rests on false data is paid and stands still.
        """
        booking = office.held(1)
        attempt = office.pay_for(booking, by_card=True).answer["attempt"]
        office.block("acc_1", booking)

        assert office.receive(event=office.provider.succeeded(attempt))

        after = office.booking(booking)
        assert (Status.CONFIRMED, "false_data") == (after.status, after.suspended.reason)


class TestLiftedBlock:
    def test_in_time_revives(self, office):
        """
        Before its slot begins the booking runs on as if nothing had been.
        """
        booking = office.confirmed(1)
        office.block("acc_1", booking)
        office.clock.move_to(SLOT - timedelta(seconds=1))
        office.unblock()

        assert (Status.CONFIRMED, None) == (office.booking(booking).status, office.booking(booking).suspended)
        assert {"account_unblocked", "resumed"} <= told(office)

    def test_too_late_gives_everything_back(self, office):
        """
        From its slot's beginning the booking is withdrawn: fee and deposit on the wallet, no miss, locks free.
        """
        booking = office.confirmed(1)
        office.block("acc_1", booking)
        office.clock.move_to(SLOT)
        office.unblock()

        after = office.booking(booking)
        assert (Status.WITHDRAWN, DepositState.RELEASED) == (after.status, after.deposit)
        assert (FEE + DEPOSIT, 0) == office.wallet()
        assert "withdrawn" in told(office)
        again = office.verified(2, vehicle=factories.vehicle(1))
        assert [Code.SLOT_PAST] == codes(office.take_for(again))  # the lock is free: only the slot is gone
        assert {} == {key: record for key, record in office.store.locks.misses(("plate#KZ#001ABC02",)).items() if record.misses}


class TestUncontested:
    def test_ends_when_nobody_complained_in_the_term(self, office):
        """
        90 days after the block the suspended booking is cancelled by the rules of a miss; a minute before it is not.
        """
        booking = office.confirmed(1)
        office.block("acc_1", booking)
        end = office.clock.now() + timedelta(days=90)

        office.clock.move_to(end - timedelta(minutes=1))
        assert not office.follow.lapse(booking=booking)
        office.clock.move_to(end)
        assert office.follow.lapse(booking=booking)

        assert (Status.CANCELLED, DepositState.FORGIVEN) == (office.booking(booking).status, office.booking(booking).deposit)
        assert (DEPOSIT, 0) == office.wallet()

    def test_waits_for_an_open_complaint(self, office):
        """
        While the head has not decided, the booking is looked at again a day later.
        """
        booking = office.confirmed(1)
        office.block("acc_1", booking)
        office.complained()
        office.clock.advance(days=90)

        assert office.follow.lapse(booking=booking)
        assert not office.follow.lapse(booking=booking)
        assert (Status.CONFIRMED, "postponed") == (office.booking(booking).status, kinds(office, booking)[-1])

    def test_is_no_no_show(self, office):
        """
        A suspended booking is neither reminded, called nor annulled: it waits for its own step.
        """
        booking = office.confirmed(1)
        office.block("acc_1", booking)
        due = [step for step in Step for shard in range(8) if office.store.bookings.next_due(step, shard=shard) is not None]

        assert [Step.LAPSE] == due
