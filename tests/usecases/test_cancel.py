"""
Giving a booking up: what it costs, once, and what it frees (§28, D5, D8, D20).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.money import DepositState
from chalicelib.domain.payments import AttemptState
from chalicelib.domain.places import PlaceState
from chalicelib.usecases.outcomes import Missing
from tests import factories
from tests.factories import SLOT, batch, seen
from tests.fakes.office import DEPOSIT
from tests.fakes.samples import DAY, HERE
from tests.fakes.snapshots import Snapshots


def verdict(outcome):
    """
    Spell what a cancellation costs.
    """
    return outcome.answer["fee"], outcome.answer["deposit"]


@pytest.mark.rule("28")
class TestBeforePayment:
    def test_costs_nothing(self, office):
        """
        An application, verified or not, and a held place end for free; the place comes back as what it was, the vehicle is free.
        """
        verified, verifying = office.verified(1), office.verified(2, status=Status.VERIFYING)
        held = office.held(3)

        assert [("returned", "released")] * 3 == [verdict(office.cancel_for(booking)) for booking in (verified, verifying, held)]
        place = office.store.places.place(HERE, DAY, office.booking(held).position)
        assert (PlaceState.FREE, False) == (place.state, place.secondary)
        assert "held" == office.booking(office.held(3, id="bk_again", slot=SLOT.replace(hour=15))).status
        assert {} == office.store.locks.misses(("plate#KZ#003ABC02",))

    def test_while_a_card_is_open_gives_the_wallets_part_back(self, office):
        """
        The attempt is closed, its intent to be canceled, the reservation released; a success that comes anyway is on the wallet.
        """
        booking = office.held()
        office.fill("acc_1", 1_000_000)
        attempt = office.pay_for(booking, by_card=True).answer["attempt"]
        assert (0, 1_000_000) == office.wallet()

        assert ("returned", "released") == verdict(office.cancel_for(booking))

        assert ((1_000_000, 0), AttemptState.CANCELED) == (office.wallet(), office.store.ledger.attempt(attempt).state)
        rows = [row for shard in range(8) for row in office.store.outbox.pending(shard=shard, until=office.clock.now(), limit=50)]
        assert [attempt] == [row.payload["attempt"] for row in rows if row.task == "cancel_intent"]
        office.receive(event=office.provider.succeeded(attempt))
        assert (21 * 432_500, 0) == office.wallet()
        assert Status.CANCELLED == office.booking(booking).status


@pytest.mark.rule("28", "D20")
class TestAfterPayment:
    def test_keeps_the_fee_and_forgives_the_first_miss(self, office):
        """
        The deposit is back, the place secondary, the locks gone, the day of the forgiveness noted.
        """
        booking = office.confirmed()

        assert ("kept", "forgiven") == verdict(office.cancel_for(booking))

        done = office.booking(booking)
        assert (DepositState.FORGIVEN, DAY - timedelta(days=2)) == (done.deposit, done.forgiven_on)
        assert (DEPOSIT, 0) == office.wallet()
        place = office.store.places.place(HERE, DAY, done.position)
        assert (PlaceState.FREE, True, None) == (place.state, place.secondary, place.booking)
        assert all(lock.booking is None for lock in office.store.locks.locks(("CN#plate#KZ#001ABC02", "CN#vin#WDB9634031L000001")).values())

    @pytest.mark.parametrize("shared", ["plate", "vin"])
    @pytest.mark.parametrize(("days", "deposit"), [(0, "forfeited"), (90, "forfeited"), (91, "forgiven")])
    def test_forfeits_the_second_miss_of_the_vehicle_within_90_days(self, office, shared, days, deposit):
        """
        The same plate, or the same VIN, under another account: the vehicle has missed before, on any of the 90 days before this one.
        """
        office.cancel_for(office.confirmed(1))
        office.clock.advance(days=days)
        again = SLOT + timedelta(days=days)
        if days:
            office.open(factories.plan(again.date()))
        twin = factories.vehicle(2, **{shared: getattr(factories.vehicle(1), shared)})
        booking = office.confirmed(2, vehicle=twin, slot=again)

        assert ("kept", deposit) == verdict(office.cancel_for(booking))
        assert (DEPOSIT if deposit == "forgiven" else 0, 0) == office.wallet("acc_2")

    def test_leaves_another_vehicle_of_the_account_its_own_forgiveness(self, office):
        """
        The forgiveness is the vehicle's, not the account's.
        """
        office.cancel_for(office.confirmed(1))
        booking = office.confirmed(2, account="acc_1")

        assert ("kept", "forgiven") == verdict(office.cancel_for(booking))

    def test_is_possible_until_the_gate_lets_it_in(self, office):
        """
        Called or arrived it may still be given up; admitted it may not.
        """
        booking = office.confirmed()
        office.journal.batch(checkpoint=HERE, batch=batch(seen(1, "wa-in", booking, at=SLOT)))
        assert ("kept", "forgiven") == verdict(office.cancel.preview(account="acc_1", booking=booking))
        office.journal.batch(checkpoint=HERE, batch=batch(seen(2, "entry-1", booking, at=SLOT)))

        refused = office.cancel_for(booking)
        assert [Code.NOT_CANCELLABLE] == [reason.code for reason in refused.reasons]
        assert Status.ADMITTED == office.booking(booking).status


class TestPreview:
    @pytest.mark.rule("28")
    def test_tells_the_cost_and_changes_nothing(self, office):
        """
        Not a row differs; what it says is what the cancellation then does, forgiven and forfeited.
        """
        states = Snapshots(office.store)
        for number, changes in ((1, {}), (2, {"vehicle": factories.vehicle(1)})):
            booking = office.confirmed(number, **changes)
            before = states.take()
            told = office.cancel.preview(account=f"acc_{number}", booking=booking)
            assert before == states.take()
            assert told.answer == office.cancel_for(booking).answer

    def test_is_for_the_owner_alone(self, office):
        """
        A foreign or unknown booking is missing, to see and to cancel.
        """
        booking = office.confirmed()

        assert Missing() == office.cancel.preview(account="acc_9", booking=booking)
        assert Missing() == office.cancel(account="acc_9", booking=booking, request=factories.request())
        assert Missing() == office.cancel.preview(account="acc_1", booking="bk_none")

    def test_refuses_what_is_over(self, office):
        """
        A lapsed hold, tidied or not, and a second cancellation under another key are `NOT_CANCELLABLE`.
        """
        held, confirmed = office.held(1), office.confirmed(2)
        office.cancel_for(confirmed)
        office.clock.advance(minutes=10)

        outcomes = [
            office.cancel_for(held),
            office.cancel_for(confirmed, key="again"),
            office.cancel.preview(account="acc_1", booking=held),
        ]
        assert [[Code.NOT_CANCELLABLE]] * 3 == [[reason.code for reason in outcome.reasons] for outcome in outcomes]
