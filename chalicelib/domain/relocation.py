"""
Whoever must leave his place through no fault of his own gets the nearest free one; what befell him is written on his booking (D21).
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from chalicelib.domain.bookings import Booking, Excuse, Happening, ImpossibleTransitionError
from chalicelib.domain.capacity import DayBook
from chalicelib.domain.measures import Measure, MeasureKind
from chalicelib.domain.places import Place, Pool, attempt_order, on_sale, reserve
from chalicelib.domain.plans import DayPlan, PlaceClass, Position
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import STRANDED, effective_end


@dataclass(frozen=True, slots=True)
class Vacancy:
    """
    A free place to move to, as seen.
    """

    plan: DayPlan
    position: Position
    before: Place | None
    start: datetime


@dataclass(slots=True)
class Vacancies:
    """
    Free primary places of the days ahead, read once and counted down; `read` gives a day.
    """

    read: Callable[[date], DayBook | None]
    now: datetime
    rules: Rules
    _books: dict[date, DayBook | None] = field(default_factory=dict)
    _free: dict[tuple[date, PlaceClass], list[Vacancy]] = field(default_factory=dict)

    def nearest(self, booking: Booking, *, tries: int = 0, draw: float = 0.0) -> Vacancy | None:
        """
        Find the nearest free primary place of the booking's class, else a general one, not before the booked time (a truck under way
        cannot come sooner) and within the days that policy grants; none: the user chooses.
        """
        if booking.day is None or booking.slot_start is None:
            raise ImpossibleTransitionError(f"{booking.id} has no slot")
        for class_ in dict.fromkeys((booking.class_, PlaceClass.GENERAL)):
            for offset in range(self.rules.moved_within.days + 1):
                found = self._on(booking.day + timedelta(days=offset), class_, since=booking.slot_start)
                if found:
                    row = [vacancy for vacancy in found if vacancy.start == found[0].start]
                    chosen = attempt_order([vacancy.position for vacancy in row], tries=tries, draw=draw)
                    return next(vacancy for vacancy in row if vacancy.position == chosen)
        return None

    def take(self, vacancy: Vacancy) -> None:
        """
        Count a place as gone.
        """
        for free in self._free.values():
            if vacancy in free:
                free.remove(vacancy)

    def _on(self, day: date, class_: PlaceClass, *, since: datetime) -> Sequence[Vacancy]:
        if day > self.rules.last_day(self.now) or day < self.rules.today(self.now):
            return ()
        if (day, class_) not in self._free:
            if day not in self._books:
                self._books[day] = self.read(day)
            book = self._books[day]
            self._free[day, class_] = [] if book is None else self._list(book, class_)
        found = self._free[day, class_]
        return found[bisect_left(found, since, key=lambda vacancy: vacancy.start) :]

    def _list(self, book: DayBook, class_: PlaceClass) -> list[Vacancy]:
        plan, found, now, rules = book.plan, list[Vacancy](), self.now, self.rules
        kept = reserve(plan=plan, touched=book.touched, class_=class_, now=now, rules=rules)
        for interval in range(len(plan.layout)):
            start, _ = plan.slot(interval, rules)
            if start - rules.call_lead(plan.day) > now:
                free = on_sale(
                    plan=plan,
                    touched=book.touched,
                    interval=interval,
                    class_=class_,
                    pool=Pool.PRIMARY,
                    now=now,
                    rules=rules,
                    kept=kept,
                )
                found.extend(Vacancy(plan, position, book.touched.get(position), start) for position in free)
        return found


def moved(booking: Booking, *, place: Place, plan: DayPlan, number: str, measure: Measure, now: datetime, rules: Rules) -> Booking:
    """
    Put a booking on another place: its number is the new place's, the call and the notice are to come again, the locks stay (D7, D21).
    """
    start, end = plan.slot(place.position.interval, rules)
    shift, until = plan.term(place.position.interval, rules)
    told = booking.reminded_at if start - rules.notice_before <= now else None
    return booking.after(
        Happening.MOVED if booking.arrived_at is None else Happening.MOVED_IN_AREA,
        day=place.day,
        position=place.position,
        slot_start=start,
        slot_end=end,
        number=number,
        pool=Pool.PRIMARY,
        shift_minutes=shift,
        valid_until=until,
        excuse=Excuse(measure.kind.value, measure.id, now),
        reminded_at=told,
        called_at=None,
        leave_by=None,
        left_area_at=None,
        ready_at=None,
        annul_not_before=None,
    )


def shifted(booking: Booking, *, plan: DayPlan, measure: Measure, now: datetime, rules: Rules) -> Booking | None:
    """
    Let a booking follow its interval's delay and extension: place, number and order stay; none where it does already (D21).
    """
    if booking.position is None:
        raise ImpossibleTransitionError(f"{booking.id} has no place")
    shift, until = plan.term(booking.position.interval, rules)
    if (booking.shift_minutes, booking.valid_until) == (shift, until):
        return None
    ground = STRANDED if booking.excuse is not None and booking.excuse.ground == STRANDED else measure.kind.value
    later = booking.after(Happening.SHIFTED, shift_minutes=shift, valid_until=until, excuse=Excuse(ground, measure.id, now))
    if later.leave_by is None:
        return later
    return booking.after(
        Happening.SHIFTED, shift_minutes=shift, valid_until=until, excuse=later.excuse, leave_by=max(later.leave_by, effective_end(later))
    )


def stuck(booking: Booking, *, measure: Measure, now: datetime) -> Booking:
    """
    Leave a booking where it is: there is nowhere to go within the days granted, so its user chooses. A closed interval strands it; after a cut
    it is served as booked (D21).
    """
    ground = STRANDED if measure.kind is MeasureKind.CLOSURE else measure.kind.value
    return booking.after(Happening.SHIFTED, excuse=Excuse(ground, measure.id, now))
