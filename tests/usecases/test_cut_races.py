"""
A cut or a closure against a buyer, time after time, on the engine: nobody keeps what is gone, whoever was faster is moved and told (D3, D21).
"""

from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.places import PlaceState
from chalicelib.domain.plans import Position
from chalicelib.usecases.outcomes import Done
from tests import factories
from tests.factories import SLOT
from tests.fakes.authority import capacity, closure
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.rounds import Aftermath, codes, open_days, patient, prepared, raced, slot_of, told
from tests.fakes.samples import DAY

DAYS = [DAY + timedelta(days=number) for number in range(4)]
HOUR = 14


class TestOrder:
    """
    An order takes a place away that a buyer wants: half of the rounds of one kind, half of the other. The rounds go backwards in time, as
    whoever must leave is moved to the nearest place after his: a refuge that no order touches.
    """

    def ordered(self, office, order, key):
        """
        Order it, and carry it out as far as goes now.
        """
        outcome = patient(lambda: office.order(officer="acc_officer", order=order, request=factories.request(key)))
        patient(office.carried_out)
        return outcome

    def bought(self, office, booking, slot):
        """
        Take the place and pay at once; a refusal of either.
        """
        taken = patient(lambda: office.take_for(booking, slot=slot))
        return taken if codes(taken) else patient(lambda: office.pay_for(booking))

    def race(self, office, bouts, *, refused):
        """
        Race them all: who bought first. The loser among the buyers reads why; the loser among the orders goes on until everybody has moved.
        """
        bought = set()
        for number, (booking, slot, order) in enumerate(bouts):
            answer, done = raced(
                number,
                lambda booking=booking, slot=slot: self.bought(office, booking, slot),
                lambda order=order, key=f"order-{number}": self.ordered(office, order, key),
                lead_s=0.03,
            )
            assert isinstance(done, Done)
            assert codes(answer) == ([] if isinstance(answer, Done) else [refused])
            bought |= {booking} if isinstance(answer, Done) else set()
        for _ in range(2):
            office.clock.advance(minutes=3)
            patient(office.carried_out)
        told(Counter(booking in bought for booking, _, _ in bouts), len(bouts))
        return bought

    def check(self, office, bouts, days, bought):
        """
        Whoever bought is paid for, moved behind and told so; whoever did not is as free as before; of what was to go nothing is left on sale.
        """
        after = Aftermath(office, [booking for booking, _, _ in bouts], days)
        for booking, slot, _ in bouts:
            seen = after.bookings[booking]
            gone = [row for (day, position), row in after.places.items() if (day, position.interval) == (slot.date(), slot.hour)]
            assert PlaceState.WITHHELD in {row.state for row in gone}
            assert booking not in {row.booking for row in gone}
            assert (Status.CONFIRMED if booking in bought else Status.VERIFIED) == seen.status
            if booking in bought:
                assert seen.slot_start > slot
                assert (PlaceState.SOLD, booking) == after.place_of(booking)
                assert (booking, "moved") in after.notices
        return after

    @pytest.mark.rule("22", "D1", "D3", "D21")
    def test_of_less_capacity_and_a_buyer(self, store, rounds):
        """
        Of two places, one sold long ago, the other is cut: the buyer reads `SLOT_FULL`, or holds a place elsewhere.
        """
        weeks = [DAY + timedelta(days=7 * week) for week in range(9)]
        refuges = [day + timedelta(days=6) for day in weeks]
        days = [day + timedelta(days=each) for day in weeks for each in range(6)][rounds // 2 - 1 :: -1]
        slots = [SLOT.replace(month=day.month, day=day.day, year=day.year) for day in days]
        bouts = [(f"bk_{n}", slot, capacity(1, since=day, until=day)) for n, (day, slot) in enumerate(zip(days, slots, strict=True))]

        def prepare(office):
            open_days(office, days, rows=("",) * HOUR + ("gg",) + ("",) * 9)
            open_days(office, refuges)
            for number, (_, slot, _) in enumerate(bouts):
                office.confirmed(rounds + number, slot=slot)
                office.verified(number)
                office.fill(f"acc_{number}", FEE + DEPOSIT)

        office = prepared(store, prepare)
        bought = self.race(office, bouts, refused=Code.SLOT_FULL)
        after = self.check(office, bouts, [*days, *refuges], bought)
        settled = {row.booking for row in after.places.values() if row.position == Position(HOUR, 1) and row.state is PlaceState.SOLD}
        assert {f"bk_{rounds + number}" for number in range(len(bouts))} <= settled

    @pytest.mark.rule("22", "D3", "D21")
    def test_of_a_closure_and_a_buyer(self, store, rounds):
        """
        The hour is closed: the buyer reads `CHECKPOINT_CLOSED`, or holds a place elsewhere.
        """
        slots = [slot_of(number) for number in range(rounds // 2)][::-1]
        bouts = [(f"bk_{n}", slot, closure(slot.hour, slot.hour + 1, day=slot.date())) for n, slot in enumerate(slots)]
        refuge = DAYS[3]

        def prepare(office):
            open_days(office, DAYS[:3])
            open_days(office, [refuge], rows=("ggg",) * 24)
            for number in range(len(bouts)):
                office.verified(number)
                office.fill(f"acc_{number}", FEE + DEPOSIT)

        office = prepared(store, prepare)
        bought = self.race(office, bouts, refused=Code.CHECKPOINT_CLOSED)
        after = self.check(office, bouts, DAYS[:4], bought)
        assert bought == after.seated()
