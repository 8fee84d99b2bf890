"""
A day or class lowered below what was sold keeps back what is given back, whoever reads how late (§6, §22, D3, D5; decision 0030).
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import places
from chalicelib.domain.capacity import DayBook, adjust
from chalicelib.domain.places import PlaceState, Pool, on_sale, reserve
from chalicelib.domain.plans import DayPlan, PlaceClass, Position
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE, NOW

WAIT = timedelta(minutes=1)
LATER = NOW + 2 * WAIT
DRAWN = DayPlan(HERE, DAY, 480, 0, ("gge", "gge", "gge"))
EVERY = [position for interval in range(3) for position in DRAWN.positions(interval)]


def cut(per_day, expedited):
    """
    The day under other figures.
    """
    return replace(DRAWN, per_day=per_day, quotas={PlaceClass.EXPEDITED.value: expedited}, version=2)


def sold(*positions):
    """
    Places as bought.
    """
    return {each: places.sell_free(seen=None, plan=DRAWN, position=each, booking="b") for each in positions}


def back(place):
    """
    A place that was given back and whose wait is over.
    """
    return places.give_back(place, now=NOW, cool_down=WAIT)


def buyable(plan, touched, class_=PlaceClass.GENERAL):
    """
    Everything a buyer of a class may take, of either pool.
    """
    return [
        position
        for interval in range(len(plan.layout))
        for pool in Pool
        for position in on_sale(plan=plan, touched=touched, interval=interval, class_=class_, pool=pool, now=LATER, rules=RULES)
    ]


def withheld(plan, touched):
    """
    The day once the order has taken its unsold places off sale.
    """
    change = adjust(DayBook(plan, touched, NOW, RULES))
    rows = [places.withhold(places.touch(seen=touched.get(each), plan=plan, position=each)) for each in change.withhold]
    return {**touched, **{row.position: row for row in rows}}


@pytest.mark.rule("22", "D3", "D5")
class TestReserve:
    def test_keeps_back_what_a_cut_left_no_room_for(self):
        """
        Nine sold, the figure now seven: the first two given back are nobody's, the third is on sale, one at a time and the lowest first.
        """
        touched, plan = sold(*EVERY), cut(7, 3)
        for position, free in ((Position(2, 2), 0), (Position(1, 1), 0), (Position(0, 1), 1), (Position(0, 2), 2)):
            touched[position] = back(touched[position])
            assert free == len(buyable(plan, touched))
        assert [Position(0, 1), Position(1, 1)] == buyable(plan, touched)

    def test_gives_nothing_up_where_the_day_is_not_over_full(self):
        """
        An unchanged day, and one whose unsold places were withheld, keep nothing back.
        """
        unchanged = {**sold(*EVERY[:4]), Position(0, 1): back(sold(EVERY[0])[EVERY[0]])}
        lowered = withheld(cut(5, 3), unchanged)

        assert frozenset() == reserve(plan=DRAWN, touched=unchanged, class_=PlaceClass.EXPEDITED, now=LATER, rules=RULES)
        assert frozenset() == reserve(plan=cut(5, 3), touched=lowered, class_=PlaceClass.GENERAL, now=LATER, rules=RULES)

    @pytest.mark.rule("6-1")
    def test_keeps_a_lowered_ceiling(self):
        """
        Three expedited sold, the ceiling now one: of two given back none is on sale as expedited; when all three are back, one is.
        """
        touched, plan = sold(*EVERY), cut(9, 1)
        counts = []
        for interval in range(3):
            position = Position(interval, 3)
            touched[position] = back(touched[position])
            counts.append(len(buyable(plan, touched, PlaceClass.EXPEDITED)))

        assert [0, 0, 1] == counts

    def test_does_not_keep_a_place_back_for_one_that_can_no_longer_be_sold(self):
        """
        A free place of an interval whose sale has closed counts for nothing: the last one that can be sold is on sale.
        """
        plan, touched = cut(8, 3), sold(*EVERY)
        touched |= {each: back(touched[each]) for each in (Position(0, 1), Position(2, 2))}
        early, late = (plan.slot(0, RULES)[0] + offset for offset in (timedelta(hours=-4), timedelta(minutes=1)))
        found = [
            on_sale(plan=plan, touched=touched, interval=2, class_=PlaceClass.GENERAL, pool=Pool.SECONDARY, now=now, rules=RULES)
            for now in (early, late)
        ]

        assert [[], [Position(2, 2)]] == found


MOVES = st.lists(st.tuples(st.sampled_from(("buy", "look", "late", "back", "tidy")), st.integers(0, 20)), max_size=40)


@pytest.mark.rule("6-1", "22", "D3", "D5")
class TestAnyInterleaving:
    @given(st.integers(0, 9), st.integers(0, 3), st.sets(st.sampled_from(EVERY)), MOVES)
    def test_of_late_buyers_and_givers_never_passes_capacity_or_ceiling(self, per_day, expedited, bought, moves):
        """
        Buyers decide on what they read long ago and write only where their own place is as they saw it: beyond what was sold before the cut
        never more is taken than the figure and the ceiling allow, and nothing stays off sale for which there is room.
        """
        plan, touched = cut(per_day, expedited), sold(*bought)
        looks = []
        most = dict.fromkeys((None, PlaceClass.EXPEDITED), 0) | {None: len(bought)}
        most[PlaceClass.EXPEDITED] = sum(position.index == 3 for position in bought)
        for move, draw in moves:
            class_ = PlaceClass.EXPEDITED if draw % 2 else PlaceClass.GENERAL
            if move == "look":
                looks.append((dict(touched), class_))
            elif move == "tidy":
                touched = withheld(plan, touched)
            elif move == "back":
                taken = sorted(position for position, place in touched.items() if place.state is PlaceState.SOLD)
                touched |= {each: back(touched[each]) for each in taken[draw % 9 : draw % 9 + 1]}
            else:
                seen, class_ = looks.pop(draw % len(looks)) if move == "late" and looks else (dict(touched), class_)
                free = buyable(plan, seen, class_)
                position = free[draw % len(free)] if free else None
                if position is not None and seen.get(position) == touched.get(position):
                    touched[position] = places.sell_free(seen=touched.get(position), plan=plan, position=position, booking="b")
            held = [place for place in touched.values() if place.state is PlaceState.SOLD]
            for class_, figure in ((None, per_day), (PlaceClass.EXPEDITED, expedited)):
                count = sum(class_ in {None, place.class_} for place in held)
                assert count <= max(figure, most[class_])
                most[class_] = min(most[class_], max(figure, count))
        held = [place for place in touched.values() if place.state is PlaceState.SOLD]
        general = sum(is_free(touched, position) for position in EVERY if position.index != 3)
        assert min(general, max(0, per_day - len(held))) == len(buyable(plan, touched))


def is_free(touched, position):
    """
    Tell a place that nobody has and that is not withheld.
    """
    return position not in touched or touched[position].state is PlaceState.FREE
