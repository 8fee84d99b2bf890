"""
A place is free as planned until touched; what time alone changes is computed (§6, D3–D7, D32).
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import places
from chalicelib.domain.places import PlaceState, Pool
from chalicelib.domain.plans import DayPlan, PlaceClass, Position
from tests.factories import minutes
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE, NOW

PLAN = DayPlan(HERE, DAY, 60, 0, ("ggpe",))
WAIT = minutes(7)


def taken(index=1, **changes):
    """
    A touched place of the first interval.
    """
    return samples.place(**{"position": Position(0, index), "state": PlaceState.FREE, "booking": None, "on_sale_from": None, **changes})


def on_sale(*touched, class_=PlaceClass.GENERAL, pool=Pool.PRIMARY, now=NOW):
    """
    List the positions on sale.
    """
    known = {place.position: place for place in touched}
    found = places.on_sale(plan=PLAN, touched=known, interval=0, class_=class_, pool=pool, now=now, rules=RULES)
    return [position.index for position in found]


@pytest.mark.rule("D3", "D5")
class TestOnSale:
    def test_is_what_was_never_touched(self):
        """
        An untouched place is free as planned, in its class only.
        """
        assert [1, 2] == on_sale()
        assert ([3], [4]) == (on_sale(class_=PlaceClass.PRIORITY_POST), on_sale(class_=PlaceClass.EXPEDITED))
        assert [] == on_sale(pool=Pool.SECONDARY)

    @pytest.mark.parametrize("state", [PlaceState.SOLD, PlaceState.WITHHELD])
    def test_is_nothing_sold_or_withheld(self, state):
        """
        However long ago.
        """
        assert [2] == on_sale(taken(state=state, on_sale_from=NOW - timedelta(days=9)))

    def test_is_a_place_given_back_after_its_wait(self):
        """
        From its moment on, not before it; secondary ones in their own pool.
        """
        waiting = taken(on_sale_from=NOW + minutes(1))

        assert [2] == on_sale(waiting)
        assert [1, 2] == on_sale(waiting, now=NOW + minutes(1))
        secondary = taken(secondary=True)
        assert ([2], [1]) == (on_sale(secondary), on_sale(secondary, pool=Pool.SECONDARY))

    @pytest.mark.rule("D32")
    def test_is_a_lapsed_hold_that_nobody_tidied(self):
        """
        A hold ends by itself; the wait after it counts too.
        """
        held = places.hold(seen=None, plan=PLAN, position=Position(0, 1), booking="b", expires_at=NOW, cool_down=WAIT)

        assert not held.is_held_by("b", NOW)
        assert ([2], [1, 2]) == (on_sale(held), on_sale(held, now=NOW + WAIT))

    @pytest.mark.rule("6", "D4", "D5")
    @pytest.mark.parametrize("secondary", [False, True])
    def test_opens_priority_places_to_everyone_on_their_day(self, secondary):
        """
        At 00:00 local time unsold priority places are general, given back ones too; expedited ones stay what they are.
        """
        back = taken(3, secondary=secondary, class_=PlaceClass.PRIORITY_POST)
        pool = Pool.SECONDARY if secondary else Pool.PRIMARY
        midnight = RULES.midnight(DAY)
        before = midnight - timedelta(microseconds=1)

        assert 3 in on_sale(back, class_=PlaceClass.PRIORITY_POST, pool=pool, now=before)
        assert 3 not in on_sale(back, pool=pool, now=before)
        assert 3 in on_sale(back, pool=pool, now=midnight)
        assert [] == on_sale(back, class_=PlaceClass.PRIORITY_POST, pool=pool, now=midnight)
        assert [4] == on_sale(class_=PlaceClass.EXPEDITED, now=midnight)

    def test_is_counted_by_pool(self):
        """
        Primary and secondary free places of a class.
        """
        known = {place.position: place for place in (taken(1, secondary=True),)}
        count = places.count_free(plan=PLAN, touched=known, interval=0, class_=PlaceClass.GENERAL, now=NOW, rules=RULES)

        assert (1, 1) == (count.primary, count.secondary)


@pytest.mark.rule("2.8", "28", "D5")
class TestLifeOfAPlace:
    def test_held_and_lapsed_comes_back_as_what_it_was(self):
        """
        A lapsed or given back hold leaves a primary place primary, a secondary one secondary.
        """
        for secondary in (False, True):
            before = taken(secondary=secondary)
            held = places.hold(seen=before, plan=PLAN, position=Position(0, 1), booking="b", expires_at=NOW + minutes(10), cool_down=WAIT)
            back = places.give_back(held, now=NOW, cool_down=WAIT)
            assert (PlaceState.FREE, None, secondary, NOW + WAIT) == (back.state, back.booking, back.secondary, back.on_sale_from)
            assert before.version + 2 == back.version

    def test_sold_and_given_back_is_secondary_for_good(self):
        """
        Sold, given back, held, lapsed: still secondary; sales are counted.
        """
        place = taken()
        for sale in (1, 2, 3):
            held = places.hold(seen=place, plan=PLAN, position=Position(0, 1), booking="b", expires_at=NOW, cool_down=WAIT)
            sold = places.sell(held)
            assert (sale, PlaceState.SOLD, None) == (sold.sales, sold.state, sold.on_sale_from)
            place = places.give_back(sold, now=NOW, cool_down=WAIT)
            assert place.secondary

    def test_extended_waits_from_its_new_end(self):
        """
        A hold that runs on while a card is paid is on sale after the later end.
        """
        held = places.hold(seen=None, plan=PLAN, position=Position(0, 1), booking="b", expires_at=NOW, cool_down=WAIT)
        longer = places.extend_hold(held, expires_at=NOW + minutes(10), cool_down=WAIT)

        assert longer.is_held_by("b", NOW + minutes(9))
        assert not longer.is_held_by("c", NOW)
        assert NOW + minutes(10) + WAIT == longer.on_sale_from

    @pytest.mark.rule("D24")
    def test_kept_again_is_the_same_sale(self):
        """
        A booking that was ended wrongly has its place under the same number.
        """
        sold = places.sell(taken(state=PlaceState.HELD, booking="b"))
        again = places.keep(places.give_back(sold, now=NOW, cool_down=WAIT), booking="b")

        assert (PlaceState.SOLD, "b", 1) == (again.state, again.booking, again.sales)
        assert places.number(code="NZH", place=sold) == places.number(code="NZH", place=again)


@pytest.mark.rule("20", "D7")
class TestNumber:
    @pytest.mark.parametrize(("sales", "number"), [(1, "NZH-261203-14-07"), (2, "NZH-261203-14-07-2"), (11, "NZH-261203-14-07-11")])
    def test_names_the_place_and_its_sale(self, sales, number):
        """
        Checkpoint, date, interval, position; sold again, the sale.
        """
        assert number == places.number(code="NZH", place=taken(position=Position(14, 7), sales=sales))

    @given(
        st.lists(
            st.tuples(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(0, 47), st.integers(1, 150), st.integers(1, 20)),
            unique=True,
        )
    )
    def test_is_no_other_places_number(self, sales):
        """
        Different places, or different sales of one, never share a number.
        """
        numbers = [
            places.number(code="NZH", place=taken(day=day, position=Position(interval, index), sales=sale))
            for day, interval, index, sale in sales
        ]

        assert len(set(numbers)) == len(numbers)


@pytest.mark.rule("D7")
class TestAttemptOrder:
    FREE = tuple(Position(0, index) for index in range(1, 101))

    def test_tries_the_lowest_first(self):
        """
        Without a conflict the draw does not matter.
        """
        assert {self.FREE[0]} == {places.attempt_order(self.FREE, tries=0, draw=draw) for draw in (0.0, 0.5, 0.999)}

    @pytest.mark.parametrize(("tries", "reach"), [(1, 8), (2, 16), (3, 32), (4, 64), (9, 100)])
    def test_reaches_further_after_each_conflict(self, tries, reach):
        """
        One at random among the lowest 4·2^tries, never beyond what is free.
        """
        found = {places.attempt_order(self.FREE, tries=tries, draw=step / 1000) for step in range(1000)}

        assert set(self.FREE[:reach]) == found
        assert Position(0, 1) == places.attempt_order(self.FREE[:1], tries=tries, draw=0.999999)
