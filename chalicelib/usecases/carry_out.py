"""
One run over an order's days: each day's plan, places and bookings are written in transactions that also count them on the order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from chalicelib.domain import places
from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.capacity import DayBook, extended
from chalicelib.domain.happenings import event_of, gate_changes, load_change, notice
from chalicelib.domain.measures import Measure, MeasureKind
from chalicelib.domain.places import Place
from chalicelib.domain.plans import Position
from chalicelib.domain.records import Event, OutboxMessage, Task
from chalicelib.domain.relocation import Vacancies, moved, stuck
from chalicelib.domain.reshaping import Reshaping, Stage, fits, reshaping
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import is_stranded
from chalicelib.usecases.affected import DayDue, due_on
from chalicelib.usecases.ports import Bookings, Chance, Committed, Committer, Places, Remove, Write
from chalicelib.usecases.standing_orders import Standing

PLACES_AT_ONCE: Final = 90
"""A transaction takes a hundred rows; the order, its event and a message go along."""
Detail = Mapping[str, str | int | None]
AGAIN: Final = "looked_again"
"""Counts the rounds after the first."""
TEMPLATES: Final[Mapping[MeasureKind, str]] = {MeasureKind.DELAY: "delayed", MeasureKind.EXTENSION: "extended"}


@dataclass(slots=True)
class CarryOut:
    """
    One run. `measure` is the order as last written, `written` the transactions so far, `lost` the conflicts of the runs before it.
    """

    committer: Committer
    bookings: Bookings
    places: Places
    chance: Chance
    code_of: Callable[[str], str]
    standing: Standing
    now: datetime
    rules: Rules
    measure: Measure
    lost: int = 0
    written: int = 0
    _seen: int = 0
    _vacancies: Vacancies | None = None

    def __post_init__(self) -> None:
        self._seen = self.measure.version

    def day(self, *, most: int) -> bool:
        """
        Do what the cursor's day needs, or as much as the budget allows: false where somebody else was faster.
        """
        book = self._read(self.measure.cursor)
        if book is None:
            return self._next()
        if self.measure.kind is MeasureKind.CAPACITY:
            next_stage = reshaping(book, self.standing.capacity_on(book.plan.day))
            if next_stage is not None:
                return self._reshape(book, next_stage)
        followed = self.standing.follow(book.plan, self.rules)
        if followed is not book.plan:
            return self._alone(Write(followed, book.plan.version))
        due = due_on(book, measure=self.measure, bookings=self.bookings)
        if due.change.layout != book.plan.layout:
            return self._grow(book, due)
        if due.change.withhold or due.change.offer:
            return self._places(book, due)
        if not self._people(book, due, most):
            return False
        return self.written >= most or self._over(book, due)

    def _people(self, book: DayBook, due: DayDue, most: int) -> bool:
        for booking in due.leaving:
            if self.written < most and not self._move(book, booking):
                return False
        return all(self.written >= most or self._shift(booking, later) for booking, later in due.shifting)

    def _over(self, book: DayBook, due: DayDue) -> bool:
        """
        Go on to the next day; sold places of a class above its ceiling stay, and are written down with their ground (D3).
        """
        kept = self.measure.kind is MeasureKind.CAPACITY and not fits(book.plan, self.standing.capacity_on(book.plan.day))
        self._next(waits=due.waits, kept=kept)
        excess = {f"excess_{class_.value}": amount for class_, amount in due.change.excess.items()}
        if not excess or self.measure.kind is not MeasureKind.CAPACITY or self.measure.counts.get(AGAIN):
            return True
        return self._commit("ceiling_passed", {"day": str(book.plan.day), **excess}, **excess)

    def save(self) -> int:
        """
        Write how far the run came.
        """
        if self.measure.version == self._seen and self.written == 0:
            return 0
        later = replace(self.measure, version=self._seen + 1)
        return int(isinstance(self.committer.commit(Write(later, self._seen)), Committed))

    def _read(self, day: date) -> DayBook | None:
        # touched places first: see `SeekPlace.look`
        touched = self.places.touched(self.measure.checkpoint, day, consistent=True)
        plan = self.places.plan(self.measure.checkpoint, day)
        return None if plan is None else DayBook(plan, touched, self.now, self.rules)

    def _next(self, *, waits: bool = False, kept: bool = False) -> bool:
        day = self.measure.cursor
        again = min(self.measure.again_from or day, day) if waits else self.measure.again_from
        counts = {**self.measure.counts, "kept_days": self.measure.counts.get("kept_days", 0) + 1} if kept else self.measure.counts
        self.measure = replace(self.measure, cursor=day + timedelta(days=1), again_from=again, counts=counts)
        return True

    def _reshape(self, book: DayBook, due: Reshaping) -> bool:
        """
        Do the next part of giving a day other intervals.
        """
        day = book.plan.day
        if due.stage is Stage.DRAW:
            drawn = replace(self.standing.draw(day, self.rules), version=book.plan.version + 1)
            return self._commit("day_redrawn", {"day": str(day)}, Write(drawn, book.plan.version), redrawn=1)
        some = due.positions[:PLACES_AT_ONCE]
        if due.stage is Stage.TIDY:
            rows = [book.touched[position] for position in some]
            writes = [Write(places.restore(row, class_=row.class_), row.version) for row in rows]
        else:
            writes = [self._written(book, position, places.withhold) for position in some]
        detail = {"day": str(day), "stage": due.stage.value, "positions": " ".join(position.key for position in some)}
        return self._commit("day_reshaped", detail, *writes)

    def _grow(self, book: DayBook, due: DayDue) -> bool:
        plan = extended(book.plan, due.change.layout)
        added = plan.capacity - book.plan.capacity
        return self._commit("places_added", {"day": str(plan.day), "added": added}, Write(plan, book.plan.version), added=added)

    def _places(self, book: DayBook, due: DayDue) -> bool:
        change = due.change
        withheld = change.withhold[:PLACES_AT_ONCE]
        offered = list(change.offer.items())[: PLACES_AT_ONCE - len(withheld)]
        writes = [
            *(self._written(book, position, places.withhold) for position in withheld),
            *(self._written(book, position, partial(places.restore, class_=class_)) for position, class_ in offered),
        ]
        detail: Detail = {
            "day": str(book.plan.day),
            "withheld": " ".join(position.key for position in withheld) or None,
            "offered": " ".join(f"{position.key}={class_.value}" for position, class_ in offered) or None,
        }
        return self._commit("places_changed", detail, *writes, withheld=len(withheld), offered=len(offered))

    @staticmethod
    def _written(book: DayBook, position: Position, change: Callable[[Place], Place]) -> Write:
        seen = book.touched.get(position)
        return Write(change(places.touch(seen=seen, plan=book.plan, position=position)), seen.version if seen else 0)

    def _move(self, book: DayBook, booking: Booking) -> bool:
        vacancies = self._vacancies = self._vacancies or Vacancies(self._followed, self.now, self.rules)
        vacancy = vacancies.nearest(booking, tries=self.lost, draw=self.chance.draw())
        if vacancy is None:
            return self._leave(booking)
        left = book.touched[_position(booking)]
        place = places.sell_free(seen=vacancy.before, plan=vacancy.plan, position=vacancy.position, booking=booking.id)
        number = places.number(code=self.code_of(place.checkpoint), place=place)
        after = moved(booking, place=place, plan=vacancy.plan, number=number, measure=self.measure, now=self.now, rules=self.rules)
        happening = Happening.MOVED if booking.arrived_at is None else Happening.MOVED_IN_AREA
        messages = [load_change(after, self.now), *gate_changes(after, self.now)]
        if booking.day != after.day:
            messages.append(load_change(after, self.now, day=booking.day))
        detail: Detail = {"measure": self.measure.id, "from": booking.number, "to": number}
        done = self._change(
            booking,
            after,
            happening,
            detail,
            Write(places.withhold(left), left.version),
            Write(place, vacancy.before.version if vacancy.before else 0),
            *(Write(message) for message in messages),
            Write(notice(template="moved", booking=after, at=self.now, before=booking.number)),
            moved=1,
            withheld=1,
        )
        vacancies.take(vacancy)
        return done

    def _leave(self, booking: Booking) -> bool:
        after = stuck(booking, measure=self.measure, now=self.now)
        told = notice(template="must_choose" if is_stranded(after) else "may_choose", booking=after, at=self.now)
        detail: Detail = {"measure": self.measure.id, "must_choose": 1}
        return self._change(booking, after, Happening.SHIFTED, detail, Write(told), must_choose=1)

    def _shift(self, booking: Booking, later: Booking) -> bool:
        template = TEMPLATES.get(self.measure.kind, "delayed" if later.shift_minutes != booking.shift_minutes else "extended")
        told = notice(template=template, booking=later, at=self.now)
        detail: Detail = {"measure": self.measure.id, "shift_minutes": later.shift_minutes}
        messages = (*gate_changes(later, self.now), told)
        return self._change(booking, later, Happening.SHIFTED, detail, *(Write(message) for message in messages), shifted=1)

    def _change(
        self,
        seen: Booking,
        after: Booking,
        happening: Happening,
        detail: Detail,
        *writes: Write,
        **counts: int,
    ) -> bool:
        event = event_of(
            booking=after, happening=happening, at=self.now, by=f"officer:{self.measure.by}", rules=self.rules, ground="D21", detail=detail
        )
        later = self._counted(counts)
        return self._done(later, Write(after, seen.version), Write(event), *writes)

    def _commit(self, kind: str, detail: Detail, *writes: Write, **counts: int) -> bool:
        """
        Write a day's plan or places with the order's event, and have the day's load recomputed.
        """
        later = self._counted(counts)
        event = measure_event(later, kind=kind, at=self.now, rules=self.rules, detail=detail)
        load = OutboxMessage(
            id=f"load.{later.checkpoint}.{later.id}.{later.version:06d}",
            task=Task.LOAD,
            aggregate=later.id,
            aggregate_version=later.version,
            created_at=self.now,
            due_at=self.now,
            payload={"checkpoint": later.checkpoint, "day": str(detail["day"])},
        )
        return self._done(later, Write(event), Write(load), *writes)

    def _alone(self, write: Write) -> bool:
        self.written += 1
        return isinstance(self.committer.commit(write), Committed)

    def _counted(self, counts: Mapping[str, int]) -> Measure:
        return replace(self.measure.did(**counts), version=self._seen + 1)

    def _done(self, later: Measure, *writes: Write | Remove) -> bool:
        self.written += 1
        if not isinstance(self.committer.commit(Write(later, self._seen), *writes), Committed):
            return False
        self.measure, self._seen = later, later.version
        return True

    def _followed(self, day: date) -> DayBook | None:
        book = self._read(day)
        return None if book is None else replace(book, plan=self.standing.follow(book.plan, self.rules))


def measure_event(measure: Measure, *, kind: str, at: datetime, rules: Rules, detail: Detail | None = None) -> Event:
    """
    Write down what an order did; its version names the event.
    """
    day = rules.today(at)
    return Event(
        id=f"{measure.checkpoint}.{day}.{measure.id}.{measure.version:06d}",
        aggregate=measure.id,
        aggregate_version=measure.version,
        checkpoint=measure.checkpoint,
        day=day,
        kind=kind,
        at=at,
        by=f"officer:{measure.by}",
        ground="D21" if measure.kind is not MeasureKind.CAPACITY else "D1",
        detail=detail or {},
    )


def _position(booking: Booking) -> Position:
    if booking.position is None:
        raise LookupError(booking.id)
    return booking.position
