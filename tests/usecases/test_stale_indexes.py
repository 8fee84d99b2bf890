"""
Index answers that are late, and eventual reads of places: no decision rests on them (architecture: "Keys and work to do").
"""

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.schedule import Step
from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.run_step import RunStep
from tests import factories
from tests.fakes import stale_reads
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.samples import HERE


def story(office):
    """
    Live a booking's life and a rival's beside it; say how each question was answered.
    """
    first = office.held(1)
    rival = office.verified(2, vehicle=factories.vehicle(1))
    told = [office.take_for(rival, slot=factories.SLOT.replace(hour=15))]
    office.fill("acc_1", 2 * (FEE + DEPOSIT))
    told.append(office.pay_for(first))
    told.append(office.pay_for(first, key="again"))
    third = office.verified(3)
    told.append(office.take_for(third))
    told.append(office.take_for(office.verified(4)))
    told.append(office.take_for(office.verified(5), slot=None))
    told.append(office.cancel_for(first))
    told.append(office.cancel_for(first, key="again"))
    second = office.held(1, slot=factories.SLOT.replace(hour=16), id="bk_6", account="acc_1")
    told.append(office.pay_for(second))
    told.append(office.cancel_for(second))
    return [
        (outcome.resource, dict(outcome.answer)) if isinstance(outcome, Done) else [r.code for r in outcome.reasons] for outcome in told
    ]


WANTED = [
    [Code.ACTIVE_BOOKING_EXISTS],
    ("bk_1", {}),
    [Code.ALREADY_CONFIRMED],
    ("bk_3", {}),
    [Code.SLOT_FULL],
    ("bk_5", {}),
    ("bk_1", {"fee": "kept", "deposit": "forgiven", "rule": "§28"}),
    [Code.NOT_CANCELLABLE],
    ("bk_6", {}),
    ("bk_6", {"fee": "kept", "deposit": "forfeited", "rule": "§28"}),
]


@pytest.mark.rule("20", "21", "22", "28")
class TestDecisions:
    @pytest.mark.parametrize("writes", [None, 1, 10_000])
    def test_are_the_same_on_late_indexes(self, office, writes):
        """
        Locks, places, money, misses and repeated requests are judged alike whether indexes are whole, one write late, or know nothing.
        """
        if writes is None:
            assert WANTED == story(office)
            return
        with stale_reads.behind(office.store, writes=writes):
            assert WANTED == story(office)


class TestSteps:
    def test_do_nothing_to_what_an_index_still_names(self, office):
        """
        The index says that a hold is due though it was paid meanwhile: the step looks at the booking itself and leaves it.
        """
        booking = office.held()
        with stale_reads.behind(office.store, writes=10_000):
            office.fill("acc_1", FEE + DEPOSIT)
            office.pay_for(booking)
            office.clock.advance(minutes=11)

            ran = RunStep(office.store.bookings, office.clock)(Step.TIDY, lambda id_: office.time.tidy(booking=id_))

        assert (1, 0) == (ran.seen, ran.changed)
        assert Status.CONFIRMED == office.booking(booking).status

    def test_find_later_what_an_index_did_not_know_yet(self, office):
        """
        What the index does not name yet waits for the next run; nothing is lost.
        """
        with stale_reads.behind(office.store, writes=10_000) as stale:
            booking = office.held()
            office.clock.advance(minutes=11)
            tidy = lambda: RunStep(office.store.bookings, office.clock)(Step.TIDY, lambda id_: office.time.tidy(booking=id_))  # noqa: E731
            assert 0 == tidy().seen
            stale.catch_up()

            assert 1 == tidy().changed
        assert Status.EXPIRED == office.booking(booking).status


class TestViews:
    def test_of_the_gate_are_built_from_consistent_reads(self, office):
        """
        The list of admissions and the board know a booking the moment it is confirmed, whatever the indexes say.
        """
        with stale_reads.behind(office.store, writes=10_000):
            booking = office.confirmed()
            office.admissions(checkpoint=HERE)
            office.board.publish(checkpoint=HERE)

        assert [booking] == [row["booking"] for row in office.link.admissions[-1].rows]
