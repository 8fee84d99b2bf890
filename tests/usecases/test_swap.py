"""
Class places may swap class with unsold general ones of the same day, so that a convoy keeps one hour; no ceiling is ever passed (D3).
"""

from collections import Counter

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.places import PlaceState, Pool
from chalicelib.domain.plans import PlaceClass, Position
from chalicelib.usecases.outcomes import Done
from tests import factories
from tests.factories import SLOT
from tests.fakes.gathering import at_once
from tests.fakes.office import Office
from tests.fakes.samples import DAY, HERE

HOURS = ("gg",) * 8 + ("ge",) * 8 + ("gg",) * 8
"""Two general places an hour, but for eight hours (8 to 15) with an expedited one each."""


def codes(outcome):
    """
    Name the codes of a refusal.
    """
    return [reason.code for reason in outcome.reasons] if isinstance(outcome, Refused) else outcome


def convoy(office, count, *, slot=SLOT):
    """
    So many expedited trucks ask for one hour: their outcomes.
    """
    bookings = [office.verified(number, class_=PlaceClass.EXPEDITED) for number in range(count)]
    return [office.take_for(booking, slot=slot) for booking in bookings]


def standing(office):
    """
    Count a day's places by class, as they stand now.
    """
    plan, touched = office.store.places.plan(HERE, DAY), office.store.places.touched(HERE, DAY, consistent=True)
    every = [position for interval in range(24) for position in plan.positions(interval)]
    return Counter(touched[position].class_ if position in touched else plan.class_at(position) for position in every)


@pytest.fixture
def swapping(memory_store):
    """
    An office without an engine, with expedited places in eight hours.
    """
    made = Office(memory_store)
    made.open(factories.plan(rows=HOURS))
    return made


@pytest.mark.rule("D3", "6-1")
class TestConvoy:
    def test_keeps_one_hour(self, swapping):
        """
        Two expedited trucks want the hour that has one expedited place: the second takes its general one, and another hour's becomes general.
        """
        assert [Done(200, f"bk_{number}") for number in range(2)] == convoy(swapping, 2)

        places = swapping.store.places.touched(HERE, DAY, consistent=True)
        assert {Position(14, 1): PlaceClass.EXPEDITED, Position(14, 2): PlaceClass.EXPEDITED, Position(13, 2): PlaceClass.GENERAL} == {
            position: place.class_ for position, place in places.items()
        }
        assert {"swapped": "13-002"} == swapping.store.histories.of_aggregate("bk_1")[-1].detail

    def test_leaves_as_many_places_of_each_class_as_before(self, swapping):
        """
        However many swap, the day has its eight expedited and forty general places.
        """
        before = standing(swapping)
        convoy(swapping, 2)
        convoy(swapping, 2, slot=SLOT.replace(hour=20))

        assert before == standing(swapping) == {PlaceClass.GENERAL: 40, PlaceClass.EXPEDITED: 8}

    def test_never_passes_the_ceiling(self, swapping):
        """
        Nine trucks for eight places of the day: the ninth is refused though general places are free.
        """
        answers = [
            swapping.take_for(swapping.verified(number, class_=PlaceClass.EXPEDITED), slot=SLOT.replace(hour=12 + number // 2))
            for number in range(9)
        ]

        assert [Code.SLOT_FULL] == codes(answers[-1])
        assert 8 == sum(isinstance(answer, Done) for answer in answers)

    def test_needs_a_general_place_of_the_hour(self, swapping):
        """
        Where the hour is full there is nothing to swap with.
        """
        convoy(swapping, 2)

        assert [Code.SLOT_FULL] == codes(swapping.take_for(swapping.verified(7, class_=PlaceClass.EXPEDITED)))

    def test_is_for_classes_only(self, swapping):
        """
        A general buyer never takes a class's place by it, nor does anybody a secondary one.
        """
        for number in range(2):
            swapping.take_for(swapping.verified(number))
        assert [Code.SLOT_FULL] == codes(swapping.take_for(swapping.verified(5)))
        wanted = swapping.verified(6, class_=PlaceClass.EXPEDITED)
        assert [Code.SLOT_FULL] == codes(swapping.take_for(wanted, slot=SLOT.replace(hour=20), pool=Pool.SECONDARY))

    def test_comes_back_in_its_new_class(self, swapping):
        """
        A swapped place whose hold lapsed is an expedited place of that hour from then on; nothing was lost.
        """
        convoy(swapping, 2)
        swapping.clock.advance(minutes=45)
        for number in range(2):
            swapping.time.tidy(booking=f"bk_{number}")

        assert {PlaceClass.GENERAL: 40, PlaceClass.EXPEDITED: 8} == standing(swapping)
        assert isinstance(swapping.take_for(swapping.verified(8, class_=PlaceClass.EXPEDITED)), Done)


@pytest.mark.rule("D3")
class TestRace:
    def test_for_the_last_class_place_has_one_winner(self, store):
        """
        Six expedited trucks swap at once from six full hours for the day's one unsold expedited place: one gets it, all others read `SLOT_FULL`.
        """
        office = Office(store)
        office.open(factories.plan(rows=("gg",) * 23 + ("ge",)))
        bookings = [office.verified(number, class_=PlaceClass.EXPEDITED) for number in range(6)]

        answers = at_once(
            *(lambda id_=id_, hour=hour: office.take_for(id_, slot=SLOT.replace(hour=hour)) for hour, id_ in enumerate(bookings, start=14))
        )

        assert 1 == sum(isinstance(answer, Done) for answer in answers)
        assert [[Code.SLOT_FULL]] * 5 == [codes(answer) for answer in answers if isinstance(answer, Refused)]
        assert 1 == sum(office.booking(booking).status is Status.HELD for booking in bookings)
        touched = office.store.places.touched(HERE, DAY, consistent=True)
        assert [PlaceState.FREE, PlaceState.HELD] == sorted((place.state for place in touched.values()), key=lambda state: state.value)
