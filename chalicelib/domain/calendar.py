"""
Working days: terms that the Order counts in them run by this calendar (§6-2, D29). Days are local days (D32).
"""

import functools
from dataclasses import dataclass
from datetime import date, timedelta

A_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Holiday:
    """
    A day off of every year from its first day in force (`since`) to its last (`until`).

    `carried`: where it meets a weekend, the next working day is off instead (Labor Code, article 85); religious days off are not.
    """

    month: int
    day: int
    since: date
    until: date | None = None
    carried: bool = True

    def in_year(self, year: int) -> date | None:
        """
        Give its day of a year in which it is in force.
        """
        day = date(year, self.month, self.day)
        return day if self.since <= day <= (self.until or day) else None


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """
    Days off and moved working days of the `years` that are listed; other years go by the law's holidays alone.
    """

    days_off: frozenset[date]
    moved_working_days: frozenset[date]
    years: frozenset[int]
    holidays: tuple[Holiday, ...] = ()

    def is_working_day(self, day: date) -> bool:
        """
        Tell whether offices work on a day.
        """
        if day in self.moved_working_days:
            return True
        return day.weekday() < SATURDAY and day not in self._off_in(day.year)

    def _off_in(self, year: int) -> frozenset[date]:
        return self.days_off if year in self.years else days_off_by_law(year, holidays=self.holidays)


@functools.cache
def days_off_by_law(year: int, *, holidays: tuple[Holiday, ...]) -> frozenset[date]:
    """
    List a year's holidays, each that meets a weekend carried to the next working day; two that do take two days.
    """
    named = sorted((day, holiday.carried) for holiday in holidays for day in [holiday.in_year(year)] if day is not None)
    off = {day for day, _ in named}
    for day, carried in named:
        if carried and day.weekday() >= SATURDAY:
            moved = day
            while moved.weekday() >= SATURDAY or moved in off:
                moved += A_DAY
            off.add(moved)
    return frozenset(off)


def next_working_day(day: date, *, calendar: WorkingCalendar) -> date:
    """
    Give the first working day after a day.
    """
    return _step(day, A_DAY, calendar)


def previous_working_day(day: date, *, calendar: WorkingCalendar) -> date:
    """
    Give the last working day before a day.
    """
    return _step(day, -A_DAY, calendar)


def _step(day: date, by: timedelta, calendar: WorkingCalendar) -> date:
    found = day + by
    while not calendar.is_working_day(found):
        found += by
    return found


def add_working_days(day: date, *, count: int, calendar: WorkingCalendar) -> date:
    """
    Give the last day of a term of `count` working days that runs from the day after `day` (§6-2: five from registration).
    """
    found = day
    for _ in range(count):
        found = next_working_day(found, calendar=calendar)
    return found


def last_working_day_of_term(earned: date, *, days: int, calendar: WorkingCalendar) -> date:
    """
    Give the last working day on which a day's money can reach the budget in time (§24, D29).

    The last one of the `days` calendar days after it; where these hold none, the last working day before them.
    """
    term = [earned + A_DAY * count for count in range(1, days + 1)]
    working = [day for day in term if calendar.is_working_day(day)]
    return working[-1] if working else previous_working_day(term[0], calendar=calendar)
