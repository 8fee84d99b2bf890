"""
A day under changed figures: what is withheld, put back, appended, swapped, and who must go (D1, D3, D21).
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import places
from chalicelib.domain.capacity import CLASSED, DayBook, adjust, extended
from chalicelib.domain.places import PlaceState, Pool, on_sale
from chalicelib.domain.plans import DayPlan, PlaceClass, Position, draw_plan, quotas_of
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE, NOW

CEILINGS = {PlaceClass.PRIORITY_POST: 1, PlaceClass.PRIORITY_GOODS: 5, PlaceClass.PRIORITY_STATE: 5, PlaceClass.EXPEDITED: 1}
NOON = RULES.at(DAY, 12 * 60)


def drawn(capacity=300):
    """
    A day of hours as the night draws it.
    """
    return draw_plan(checkpoint=HERE, day=DAY, capacity=capacity, interval_minutes=60, opens=0, closes=1440, ceilings=CEILINGS)


def figure(plan, per_day, *, closed=()):
    """
    The same day under another figure.
    """
    quotas = {class_.value: amount for class_, amount in quotas_of(per_day, CEILINGS).items()}
    return replace(plan, per_day=per_day, quotas=quotas, closed=tuple(closed), version=plan.version + 1)


def sold(plan, *positions):
    """
    Places that somebody paid for.
    """
    return {each: places.sell_free(seen=None, plan=plan, position=each, booking=f"bk_{each.key}") for each in positions}


def carried_out(book, *, leave=True):
    """
    Do on paper what an adjustment asks for; who must leave, leaves.
    """
    change = adjust(book)
    plan = book.plan if change.layout == book.plan.layout else extended(book.plan, change.layout)
    touched = dict(book.touched)
    for position in (*change.withhold, *(change.leaving if leave else ())):
        touched[position] = places.withhold(places.touch(seen=touched.get(position), plan=plan, position=position))
    for position, class_ in change.offer.items():
        touched[position] = places.restore(places.touch(seen=touched.get(position), plan=plan, position=position), class_=class_)
    return DayBook(plan, touched, book.now, book.rules), change


def counted(book):
    """
    Count places by state, and standing ones by class.
    """
    every = [position for interval in range(len(book.plan.layout)) for position in book.plan.positions(interval)]
    states = Counter(book.state(position) for position in every)
    classes = Counter(book.class_of(position) for position in every if book.state(position) is not PlaceState.WITHHELD)
    return states, classes


@pytest.mark.rule("D3")
class TestCut:
    @pytest.mark.parametrize("per_day", [299, 250, 100, 24, 1, 0])
    def test_takes_unsold_places_and_leaves_the_ceilings_of_the_new_figure(self, per_day):
        """
        An untouched day that is cut is as one drawn under the new figure: so many places, each class at its ceiling rounded down.
        """
        book, change = carried_out(DayBook(figure(drawn(), per_day), {}, NOW, RULES))

        states, classes = counted(book)
        assert (per_day, 300 - per_day) == (states[PlaceState.FREE], states[PlaceState.WITHHELD])
        assert {class_: per_day * percent // 100 for class_, percent in CEILINGS.items()} == {class_: classes[class_] for class_ in CLASSED}
        assert ((), ()) == (change.leaving, change.waits)

    def test_takes_class_places_above_their_ceiling_first(self):
        """
        Of a cut by four, the four places above the lower ceilings go; no general one does.
        """
        plan = figure(drawn(), 296)
        _, change = carried_out(DayBook(plan, {}, NOW, RULES))

        assert 4 == len(change.withhold)
        assert PlaceClass.GENERAL not in {plan.class_at(position) for position in change.withhold}

    def test_moves_nobody_while_unsold_places_are_left(self):
        """
        A full hour stays full when the rest of the day can give the places.
        """
        plan = drawn()
        hour = sold(plan, *(position for position in plan.positions(14) if plan.class_at(position) is PlaceClass.GENERAL))

        _, change = carried_out(DayBook(figure(plan, len(hour)), hour, NOW, RULES))

        assert () == change.leaving
        assert 300 - len(hour) == len(change.withhold)

    def test_moves_the_last_general_ones_when_all_is_sold(self):
        """
        A sold-out day that is cut by ten sends ten general bookings away, the last of their intervals; sold class places stay, the excess is told.
        """
        plan = drawn()
        everything = sold(plan, *(position for interval in range(24) for position in plan.positions(interval)))

        _, change = carried_out(DayBook(figure(plan, 290), everything, NOW, RULES), leave=False)

        assert 10 == len(change.leaving)
        assert {PlaceClass.GENERAL} == {plan.class_at(position) for position in change.leaving}
        assert {PlaceClass.PRIORITY_POST: 1, PlaceClass.PRIORITY_GOODS: 1, PlaceClass.PRIORITY_STATE: 1, PlaceClass.EXPEDITED: 1} == dict(
            change.excess
        )

    def test_waits_for_a_hold_before_anybody_is_moved(self):
        """
        A running hold counts as taken and is looked at again; a lapsed one is unsold.
        """
        plan = drawn(24)
        held = places.hold(
            seen=None, plan=plan, position=Position(3, 1), booking="b", expires_at=NOW + timedelta(minutes=10), cool_down=timedelta()
        )
        book = DayBook(figure(plan, 0), {held.position: held}, NOW, RULES)

        assert (Position(3, 1),) == adjust(book).waits
        assert Position(3, 1) in adjust(replace(book, now=NOW + timedelta(minutes=11))).withhold


@pytest.mark.rule("D3")
class TestRaise:
    def test_continues_at_the_intervals_end(self):
        """
        Added places take the next positions of their intervals; every old position keeps its place, so that its number keeps naming it.
        """
        plan = drawn()
        book, change = carried_out(DayBook(figure(plan, 360), {}, NOW, RULES))

        assert 360 == book.plan.capacity
        assert all(new.startswith(old) for old, new in zip(plan.layout, change.layout, strict=True))
        assert {15} == {len(row) for row in change.layout}
        states, classes = counted(book)
        assert 360 == states[PlaceState.FREE]
        assert {class_: 360 * percent // 100 for class_, percent in CEILINGS.items()} == {class_: classes[class_] for class_ in CLASSED}

    def test_puts_withheld_places_back_first(self):
        """
        A cut taken back leaves the day as it was drawn: nothing is appended, every class has its places again.
        """
        cut, _ = carried_out(DayBook(figure(drawn(), 200), {}, NOW, RULES))
        book, change = carried_out(replace(cut, plan=figure(cut.plan, 300)))

        assert drawn().layout == change.layout
        states, classes = counted(book)
        assert (300, 0) == (states[PlaceState.FREE], states[PlaceState.WITHHELD])
        assert {class_: 300 * percent // 100 for class_, percent in CEILINGS.items()} == {class_: classes[class_] for class_ in CLASSED}

    def test_leaves_the_past_as_it_was(self):
        """
        At noon of the day only the hours to come change.
        """
        book, _ = carried_out(DayBook(figure(drawn(), 600), {}, NOON, RULES))

        assert [13 if hour % 2 else 12 for hour in range(12)] == [len(row) for row in book.plan.layout[:12]]
        assert {25} == {len(row) for row in book.plan.layout[12:]}


@pytest.mark.rule("D21")
class TestClosure:
    def test_empties_the_closed_hours_only(self):
        """
        Unsold places of closed hours are withheld, sold ones must leave; the other hours keep theirs.
        """
        plan = figure(drawn(), 300, closed=(10, 11))
        bought = sold(plan, Position(10, 2), Position(12, 1))

        book, change = carried_out(DayBook(plan, bought, NOW, RULES))

        assert (Position(10, 2),) == change.leaving
        assert {10, 11} == {position.interval for position in change.withhold}
        for hour, free in ((10, 0), (11, 0), (13, 1)):
            found = on_sale(
                plan=book.plan, touched=book.touched, interval=hour, class_=PlaceClass.GENERAL, pool=Pool.PRIMARY, now=NOW, rules=RULES
            )
            assert bool(free) is bool(found)

    def test_lets_those_stay_who_are_inside_or_already_told(self):
        """
        A settled place is nobody's to move.
        """
        plan = figure(drawn(), 300, closed=(10,))
        bought = sold(plan, Position(10, 2))

        assert () == adjust(DayBook(plan, bought, NOW, RULES), settled={Position(10, 2)}).leaving


ORDERS = st.lists(
    st.tuples(st.integers(0, 60), st.frozensets(st.integers(0, 5), max_size=4), st.lists(st.integers(0, 40), max_size=12)), max_size=4
)


@pytest.mark.rule("6", "6-1", "22", "D2", "D3")
class TestAnyOrders:
    @given(ORDERS)
    def test_keep_every_place_and_every_ceiling(self, orders):
        """
        Whatever is sold, cut, raised and closed: a place once drawn stays and is sold, free or withheld; what is on sale and sold fits the figure,
        no class passes its ceiling, and what is asked for a second time is nothing.
        """
        plan = draw_plan(
            checkpoint=HERE, day=DAY, capacity=30, interval_minutes=240, opens=0, closes=1440, ceilings={PlaceClass.EXPEDITED: 10}
        )
        book = DayBook(plan, {}, NOW, RULES)
        for per_day, closed, buys in orders:
            book = bought(book, buys)
            drawn_before = book.plan.capacity
            quotas = {PlaceClass.EXPEDITED.value: per_day // 10}
            ordered = replace(book.plan, per_day=per_day, quotas=quotas, closed=tuple(sorted(closed)), version=book.plan.version + 1)
            book, _ = carried_out(replace(book, plan=ordered))
            states, classes = counted(book)
            target = sum(size for interval, size in enumerate(book.plan.sizes) if interval not in closed)

            assert book.plan.capacity >= drawn_before
            assert book.plan.capacity == states[PlaceState.FREE] + states[PlaceState.SOLD] + states[PlaceState.WITHHELD]
            assert target == states[PlaceState.FREE] + states[PlaceState.SOLD]
            taken = sum(place.class_ is PlaceClass.EXPEDITED and place.is_taken(NOW) for place in book.touched.values())
            assert classes[PlaceClass.EXPEDITED] <= max(taken, per_day // 10)
            again = adjust(book)
            assert ((), {}, (), book.plan.layout) == (again.withhold, dict(again.offer), again.leaving, again.layout)


def bought(book, buys):
    """
    Buy some of what is free, of either class.
    """
    touched = dict(book.touched)
    for order, draw in enumerate(buys):
        class_ = PlaceClass.EXPEDITED if order % 3 == 0 else PlaceClass.GENERAL
        free = [
            position
            for interval in range(len(book.plan.layout))
            for position in on_sale(
                plan=book.plan, touched=touched, interval=interval, class_=class_, pool=Pool.PRIMARY, now=NOW, rules=RULES
            )
        ]
        if free:
            position = free[draw % len(free)]
            touched[position] = places.sell_free(seen=touched.get(position), plan=book.plan, position=position, booking="b")
    return replace(book, touched=touched)


class TestPlan:
    def test_is_closed_when_nothing_is_left_open(self):
        """
        A day off has no places; a day closed from end to end has none on sale.
        """
        plan = DayPlan(HERE, DAY, 720, 0, ("gg", "gg"))

        assert not plan.is_closed
        assert not replace(plan, closed=(0,)).is_closed
        assert replace(plan, closed=(0, 1)).is_closed
        assert replace(plan, per_day=0).is_closed
        assert drawn(0).is_closed
