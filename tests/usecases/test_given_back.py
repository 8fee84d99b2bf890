"""
Places given back while a cut has lowered the day below what is sold: cancelled, lapsed, moved away from; none is sold beyond the figure (D3, D5, D21).
"""

import pytest

from chalicelib.domain.decisions import Code
from chalicelib.domain.places import PlaceState, Pool
from chalicelib.domain.plans import PlaceClass
from chalicelib.usecases.outcomes import Done
from tests.factories import SLOT
from tests.fakes.authority import Interrupted, capacity, code, counted
from tests.fakes.office import Office
from tests.fakes.samples import DAY, HERE

SOLD = 5


@pytest.fixture
def cut_office(quick_office):
    """
    Five sold in five hours with nowhere to move to, the day cut to three.
    """
    for number in range(SOLD):
        quick_office.confirmed(number, slot=SLOT.replace(hour=12 + number))
    quick_office.ordered(capacity(3))
    return quick_office


def given_up(office, *numbers):
    """
    Cancel bookings and let the wait of their places pass.
    """
    for number in numbers:
        office.cancel_for(f"bk_{number}")
    office.clock.advance(minutes=31)


def sold(office):
    """
    Count the day's places that somebody has.
    """
    states = counted(office)
    return states[PlaceState.SOLD] + states[PlaceState.HELD]


def buys(office, number, hour):
    """
    Ask for a given-back place of an hour.
    """
    return office.take_for(f"bk_{number}", slot=SLOT.replace(hour=hour), pool=Pool.SECONDARY)


@pytest.mark.rule("22", "28", "D3", "D5", "D21")
class TestGivenBackUnderACut:
    def test_is_not_sold_until_fewer_are_sold_than_the_figure(self, cut_office):
        """
        The first two of five are nobody's, not as shown and not when asked for; the third is one buyer's, whichever hour he asks for.
        """
        given_up(cut_office, 0, 1)
        buyer = cut_office.verified(9)
        assert [[Code.SLOT_FULL]] * 2 == [code(buys(cut_office, 9, hour)) for hour in (12, 13)]
        assert [0, 0] == [slot.free_secondary for slot in slots(cut_office)[12:14]]

        given_up(cut_office, 2)

        assert 1 == sum(slot.free_secondary for slot in slots(cut_office))
        assert isinstance(buys(cut_office, 9, 12), Done)
        assert 3 == sold(cut_office)
        assert buyer == cut_office.booking("bk_9").id

    @pytest.mark.parametrize("theirs", [12, 13, 14])
    @pytest.mark.parametrize("mine", [12, 13, 14])
    def test_is_sold_once_though_two_ask_for_different_hours(self, cut_office, mine, theirs):
        """
        Room for one, two buyers who read the same day: between the reading and the writing of one the other buys; they never both have a place.
        """
        given_up(cut_office, 0, 1, 2)
        for number in (8, 9):
            cut_office.verified(number)
        quick = Office(cut_office.store, clock=cut_office.clock, chance=cut_office.chance)
        others = []
        crossed = Interrupted(cut_office.store, at=1, other=lambda: others.append(buys(quick, 8, theirs)))
        loud = Office(crossed, clock=cut_office.clock, chance=cut_office.chance)

        won = [each for each in (buys(loud, 9, mine), *others) if isinstance(each, Done)]

        assert (len(won), 2 + len(won)) == (int(12 in {mine, theirs} and (mine == 12 or bool(others))), sold(cut_office))

    def test_comes_back_from_a_lapsed_hold_within_the_figure(self, cut_office):
        """
        A hold of the last room that lapses is that one room again, no second.
        """
        given_up(cut_office, 0, 1, 2)
        cut_office.verified(9)
        buys(cut_office, 9, 12)
        cut_office.clock.advance(minutes=45)

        assert 1 == sum(slot.free_secondary for slot in slots(cut_office))

    def test_is_on_sale_again_when_the_day_is_raised(self, cut_office):
        """
        What was kept back is sold as soon as OGD says so.
        """
        given_up(cut_office, 0, 1)
        cut_office.ordered(capacity(48))

        assert 2 == sum(slot.free_secondary for slot in slots(cut_office))


def slots(office):
    """
    List the day's hours as a buyer sees them.
    """
    return office.find.slots(checkpoint=HERE, day=DAY, class_=PlaceClass.GENERAL)
