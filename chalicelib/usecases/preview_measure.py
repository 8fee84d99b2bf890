"""
Who an order would affect, before it is given: the same reckoning as when it is carried out, on paper (D21).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chalicelib.domain import places
from chalicelib.domain.bookings import Booking
from chalicelib.domain.capacity import DayBook
from chalicelib.domain.measures import Measure
from chalicelib.domain.plans import DayPlan
from chalicelib.domain.relocation import Vacancies, moved, stuck
from chalicelib.domain.rules import Rules
from chalicelib.usecases.affected import DayDue, due_on
from chalicelib.usecases.ports import Bookings, Places
from chalicelib.usecases.standing_orders import Standing


@dataclass(frozen=True, slots=True)
class Change:
    """
    One booking, as it is and as it would be; `must_choose` where it could not be moved.
    """

    before: Booking
    after: Booking
    must_choose: bool = False


@dataclass(frozen=True, slots=True)
class Affected:
    """
    What an order would do: bookings moved, shifted or left to choose; places withheld, put on sale or added; class places above a ceiling.
    """

    changes: Sequence[Change]
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class PreviewMeasure:
    """
    Reckons on consistent reads and writes nothing.
    """

    bookings: Bookings
    places: Places
    rules_on: Callable[[datetime], Rules]
    code_of: Callable[[str], str]

    def __call__(self, *, measure: Measure, standing: Standing, plans: Sequence[DayPlan], now: datetime) -> Affected:
        """
        Work out every day that the order touches.
        """
        rules = self.rules_on(now)

        def read(day: date) -> DayBook | None:
            plan = self.places.plan(measure.checkpoint, day)
            if plan is None:
                return None
            return DayBook(standing.follow(plan, rules), self.places.touched(measure.checkpoint, day, consistent=True), now, rules)

        vacancies, changes, counts = Vacancies(read, now, rules), list[Change](), Counter[str]()
        for plan in plans:
            book = read(plan.day)
            if book is None:
                continue
            due = due_on(book, measure=measure, bookings=self.bookings)
            counts += _counted(book, due)
            changes += [self._moved(booking, vacancies, measure, now, rules) for booking in due.leaving]
            changes += [Change(before, after) for before, after in due.shifting]
        counts["must_choose"] = sum(change.must_choose for change in changes)
        counts["moved"] = sum(
            change.before.position != change.after.position or change.before.day != change.after.day for change in changes
        )
        counts["shifted"] = len(changes) - counts["must_choose"] - counts["moved"]
        return Affected(changes, counts)

    def _moved(self, booking: Booking, vacancies: Vacancies, measure: Measure, now: datetime, rules: Rules) -> Change:
        vacancy = vacancies.nearest(booking)
        if vacancy is None:
            return Change(booking, stuck(booking, measure=measure, now=now), must_choose=True)
        vacancies.take(vacancy)
        place = places.sell_free(seen=vacancy.before, plan=vacancy.plan, position=vacancy.position, booking=booking.id)
        number = places.number(code=self.code_of(place.checkpoint), place=place)
        after = moved(booking, place=place, plan=vacancy.plan, number=number, measure=measure, now=now, rules=rules)
        return Change(booking, replace(after, number=number))


def _counted(book: DayBook, due: DayDue) -> Counter[str]:
    added = sum(len(row) for row in due.change.layout) - book.plan.capacity
    found = Counter({"withheld": len(due.change.withhold) + len(due.leaving), "offered": len(due.change.offer), "added": added})
    found.update({f"excess_{class_.value}": amount for class_, amount in due.change.excess.items()})
    return found
