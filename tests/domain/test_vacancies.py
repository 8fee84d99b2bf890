"""
The nearest free place for whoever must leave his (D21).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import ImpossibleTransitionError
from chalicelib.domain.capacity import DayBook
from chalicelib.domain.places import PlaceState
from chalicelib.domain.plans import DayPlan, PlaceClass, Position
from chalicelib.domain.relocation import Vacancies, Vacancy
from tests.factories import minutes
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE, NOW

A_DAY = timedelta(days=1)
LAST = RULES.last_day(NOW)


def plan(day, rows, **changes):
    """
    A day of hours from midnight.
    """
    return DayPlan(HERE, day, 60, 0, tuple(rows), **changes)


class Days:
    """
    Days as they can be read, and how often each was.
    """

    def __init__(self, *plans, taken=()):
        self.plans = {each.day: each for each in plans}
        self.taken = {}
        for day, position in taken:
            self.taken.setdefault(day, {})[position] = samples.place(day=day, position=position, state=PlaceState.SOLD)
        self.asked = []

    def __call__(self, day):
        """
        Read a day.
        """
        self.asked.append(day)
        found = self.plans.get(day)
        return None if found is None else DayBook(found, self.taken.get(day, {}), NOW, RULES)


def booking(hour=14, day=DAY, class_=PlaceClass.GENERAL):
    """
    A booking of an hour's first place.
    """
    start = RULES.at(day, hour * 60)
    return samples.booking(day=day, position=Position(hour, 1), slot_start=start, slot_end=start + minutes(60), class_=class_)


def where(vacancy):
    """
    Name a vacancy by day, interval and index.
    """
    return None if vacancy is None else (vacancy.plan.day, vacancy.position.interval, vacancy.position.index)


def nearest(days, found=None, *, now=NOW, **draw):
    """
    Look for a place for a booking.
    """
    return where(Vacancies(days, now, RULES).nearest(found or booking(), **draw))


@pytest.mark.rule("D21")
class TestNearest:
    def test_is_the_first_free_place_not_before_the_booked_time(self):
        """
        The same hour first, then later ones of the day, then the days after.
        """
        rows = ["g"] * 24
        later, next_ = [(DAY, Position(hour, 1)) for hour in range(14, 24)], [(DAY + A_DAY, Position(0, 1))]

        assert (DAY, 14, 1) == nearest(Days(plan(DAY, rows)))
        assert (DAY, 15, 1) == nearest(Days(plan(DAY, rows), taken=later[:1]))
        assert (DAY + A_DAY, 0, 1) == nearest(Days(plan(DAY, rows), plan(DAY + A_DAY, rows), taken=later))
        assert (DAY + A_DAY, 1, 1) == nearest(Days(plan(DAY, rows), plan(DAY + A_DAY, rows), taken=later + next_))

    def test_is_within_the_days_granted(self):
        """
        A week on, not a day more.
        """
        assert (DAY + 7 * A_DAY, 0, 1) == nearest(Days(plan(DAY + 7 * A_DAY, ["g"])))
        assert nearest(Days(plan(DAY + 8 * A_DAY, ["g"]))) is None

    def test_is_on_sale(self):
        """
        Up to the last day on sale; the day before today is over.
        """
        assert (LAST, 0, 1) == nearest(Days(plan(LAST, ["g"])), booking(day=LAST - A_DAY))
        assert nearest(Days(plan(LAST + A_DAY, ["g"])), booking(day=LAST)) is None
        yesterday = RULES.today(NOW) - A_DAY
        days = Days(plan(yesterday, ["g"] * 24), plan(yesterday + A_DAY, ["g"] * 24))
        assert (yesterday + A_DAY, 13, 1) == nearest(days, booking(0, yesterday))
        assert yesterday not in days.asked

    def test_leaves_time_for_the_call(self):
        """
        Its call must still be ahead: a place whose lead has begun is none.
        """
        days = Days(plan(DAY, ["g"] * 24))
        start = RULES.at(DAY, 14 * 60)

        assert (DAY, 14, 1) == nearest(days, now=start - minutes(151))
        assert (DAY, 15, 1) == nearest(days, now=start - minutes(150))

    def test_is_of_the_class_even_days_later_else_general(self):
        """
        An expedited place tomorrow before a general one today; a general booking gets no expedited place.
        """
        today, tomorrow = plan(DAY, ["g"] * 15), plan(DAY + A_DAY, ["ge"])
        expedited = booking(class_=PlaceClass.EXPEDITED)

        assert (DAY + A_DAY, 0, 2) == nearest(Days(today, tomorrow), expedited)
        assert (DAY, 14, 1) == nearest(Days(today), expedited)
        assert nearest(Days(plan(DAY, ["e"] * 24))) is None

    def test_is_primary_and_of_an_open_interval(self):
        """
        Neither a place given back nor one of a closed hour.
        """
        given = Days(plan(DAY, ["gg"] * 24), taken=[(DAY, Position(14, 1))])
        place = given.taken[DAY][Position(14, 1)]
        given.taken[DAY][Position(14, 1)] = replace(place, state=PlaceState.FREE, secondary=True, on_sale_from=NOW - A_DAY)

        assert (DAY, 14, 2) == nearest(given)
        assert (DAY, 16, 1) == nearest(Days(plan(DAY, ["g"] * 24, closed=(14, 15))))

    def test_keeps_back_what_a_lowered_day_keeps(self):
        """
        A day cut below what is sold moves nobody onto its reserve (D3).
        """
        rows = ["g"] * 24
        cut = plan(DAY, rows, per_day=1)

        assert nearest(Days(cut, taken=[(DAY, Position(0, 1))])) is None
        assert (DAY, 14, 1) == nearest(Days(plan(DAY, rows, per_day=24), taken=[(DAY, Position(0, 1))]))

    def test_spreads_those_who_met_at_one_place(self):
        """
        After a conflict one at random among the lowest of that hour, never of another.
        """
        days = Days(plan(DAY, ["g" * 9] * 24))

        assert (DAY, 14, 1) == nearest(days)
        assert [(DAY, 14, 1), (DAY, 14, 5), (DAY, 14, 8)] == [nearest(days, tries=1, draw=draw) for draw in (0.0, 0.5, 0.99)]
        assert (DAY, 14, 9) == nearest(days, tries=2, draw=0.99)

    def test_reads_each_day_once_and_counts_down(self):
        """
        What was taken is not offered again, in whichever class it is looked for.
        """
        days = Days(plan(DAY, ["g"] * 15), plan(DAY + A_DAY, ["g"]))
        vacancies = Vacancies(days, NOW, RULES)
        first = vacancies.nearest(booking(class_=PlaceClass.EXPEDITED))
        vacancies.take(first)
        second = vacancies.nearest(booking())

        assert [(DAY, 14, 1), (DAY + A_DAY, 0, 1)] == [where(first), where(second)]
        assert RULES.at(DAY, 840) == first.start
        assert len(days.asked) == len(set(days.asked))

    def test_says_what_lay_there(self):
        """
        The place as it was seen, so that whoever takes it meets a conflict where it has changed.
        """
        days = Days(plan(DAY, ["g"] * 24), taken=[(DAY, Position(14, 1))])
        seen = days.taken[DAY][Position(14, 1)] = replace(
            days.taken[DAY][Position(14, 1)], state=PlaceState.HELD, hold_expires_at=NOW, on_sale_from=NOW
        )

        found = Vacancies(days, NOW, RULES).nearest(booking())

        assert Vacancy(days.plans[DAY], Position(14, 1), seen, RULES.at(DAY, 840)) == found

    @pytest.mark.parametrize("missing", ["day", "slot_start"])
    def test_needs_a_slot(self, missing):
        """
        An application has nowhere to move from.
        """
        with pytest.raises(ImpossibleTransitionError, match="bk_1"):
            Vacancies(Days(), NOW, RULES).nearest(samples.booking(**{missing: None}))
