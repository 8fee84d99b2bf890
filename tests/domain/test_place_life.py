"""
The life of one place: held, sold, given back, kept, withheld, put back; and what a day's plan says of it (D3, D5, D7, D21, D24).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.places import PlaceState, extend_hold, give_back, hold, keep, restore, sell, sell_free, touch, withhold
from chalicelib.domain.plans import DayPlan, PlaceClass, Position, draw_plan
from tests.factories import minutes
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE, NOW

WAIT = minutes(7)
PLAN = DayPlan(HERE, DAY, 60, 480, ("gge", "gg"))
THERE = Position(0, 3)
USED = {"state": PlaceState.HELD, "booking": "bk_1", "hold_expires_at": NOW, "on_sale_from": NOW, "sales": 2, "version": 5}
FREE = {"booking": None, "hold_expires_at": None}


def place(**changes):
    """
    A place of the plan, expedited, used before.
    """
    return samples.place(**{"position": THERE, "class_": PlaceClass.EXPEDITED, **USED, **changes})


@pytest.mark.rule("D5", "D7", "D21", "D24")
class TestPlace:
    def test_begins_as_it_was_planned(self):
        """
        Nobody has touched it: version 0, of the class of its position; once written it is as written.
        """
        new = touch(seen=None, plan=PLAN, position=THERE)

        assert place(**FREE, state=PlaceState.FREE, on_sale_from=None, sales=0, version=0) == new
        assert PlaceClass.GENERAL is touch(seen=None, plan=PLAN, position=Position(0, 2)).class_
        assert place() == touch(seen=place(), plan=PLAN, position=THERE)

    def test_is_held_until_a_moment_and_on_sale_a_while_after(self):
        """
        A payment under way lets the hold run on; each is a version.
        """
        held = hold(seen=None, plan=PLAN, position=THERE, booking="bk_2", expires_at=NOW, cool_down=WAIT)
        longer = extend_hold(held, expires_at=NOW + minutes(10), cool_down=WAIT)

        fields = {"booking": "bk_2", "sales": 0}
        assert place(**fields, on_sale_from=NOW + WAIT, version=1) == held
        assert place(**fields, hold_expires_at=NOW + minutes(10), on_sale_from=NOW + minutes(17), version=2) == longer

    def test_is_sold_to_its_booking(self):
        """
        One sale more, so that its number is a new one; whoever has paid already buys a free one at once.
        """
        sold = {"state": PlaceState.SOLD, "hold_expires_at": None, "on_sale_from": None}

        assert place(**sold, sales=3, version=6) == sell(place())
        assert place(**sold, booking="bk_2", sales=1, version=1) == sell_free(seen=None, plan=PLAN, position=THERE, booking="bk_2")

    def test_that_was_ended_wrongly_is_kept_under_its_number(self):
        """
        No new sale (D24).
        """
        fields = {"state": PlaceState.SOLD, "booking": "bk_2", "hold_expires_at": None, "on_sale_from": None}

        assert place(**fields, version=6) == keep(place(), booking="bk_2")

    @pytest.mark.parametrize(
        ("state", "was", "secondary"),
        [(PlaceState.SOLD, False, True), (PlaceState.HELD, False, False), (PlaceState.HELD, True, True)],
    )
    def test_comes_back_after_a_wait(self, state, was, secondary):
        """
        A sold one is secondary for good, a held one what it was.
        """
        back = give_back(place(state=state, secondary=was), now=NOW, cool_down=WAIT)

        assert place(**FREE, state=PlaceState.FREE, secondary=secondary, on_sale_from=NOW + WAIT, version=6) == back

    @pytest.mark.parametrize(("state", "wait"), [(PlaceState.WITHHELD, None), (PlaceState.FREE, NOW)])
    def test_is_withheld_by_an_order_and_put_back(self, state, wait):
        """
        Nobody has it then; back on sale in a class at once, or a free one after the wait it has.
        """
        away = place(**FREE, state=PlaceState.WITHHELD, on_sale_from=None, version=6)
        again = place(**FREE, state=PlaceState.FREE, class_=PlaceClass.GENERAL, on_sale_from=wait, version=6)

        assert away == withhold(place())
        assert again == restore(place(state=state), class_=PlaceClass.GENERAL)


@pytest.mark.rule("D1", "D21")
class TestDay:
    def test_keeps_everybody_out_while_it_is_closed(self):
        """
        Within a closed interval, its first instant included and its end not; all day where nothing is open.
        """
        closed = DayPlan(HERE, DAY, 60, 480, ("gg", "gg", "gg"), closed=(1,))
        start = RULES.at(DAY, 540)
        off = DayPlan(HERE, DAY, 60, 480, ("", ""))

        moments = [start - timedelta(microseconds=1), start, start + minutes(59), start + minutes(60)]
        assert [False, True, True, False] == [closed.is_closed_at(each, RULES) for each in moments]
        assert off.is_closed_at(NOW, RULES)
        assert not PLAN.is_closed_at(start, RULES)

    def test_has_the_ceilings_that_were_drawn_until_an_order_says_otherwise(self):
        """
        One expedited place drawn; ordered two; a class that the order does not name has none.
        """
        ordered = DayPlan(HERE, DAY, 60, 480, ("gge", "gg"), per_day=4, quotas={"expedited": 2})

        assert (1, 0) == (PLAN.quota(PlaceClass.EXPEDITED), PLAN.quota(PlaceClass.PRIORITY_POST))
        assert (2, 0) == (ordered.quota(PlaceClass.EXPEDITED), ordered.quota(PlaceClass.PRIORITY_POST))

    def test_says_what_was_ordered_for_an_interval(self):
        """
        Nothing for one beyond what is written; an end of its bookings only where it was extended.
        """
        plan = DayPlan(HERE, DAY, 60, 480, ("g",) * 3, shifts=(30, 45), extended=(0, 120))
        end = RULES.at(DAY, 600)

        assert (30, None) == plan.term(0, RULES)
        assert (45, end + minutes(45 + 60 + 120)) == plan.term(1, RULES)
        assert (0, None) == plan.term(2, RULES)
        assert (timedelta(), timedelta()) == (plan.shift(2), plan.extension(2))

    def test_drawn_has_one_interval_at_least(self):
        """
        Shorter hours than an interval are one.
        """
        made = draw_plan(checkpoint=HERE, day=DAY, capacity=3, interval_minutes=60, opens=0, closes=30, ceilings={})

        assert (HERE, ("ggg",)) == (made.checkpoint, made.layout)
