"""
An open day follows the figures in force: places are withheld, put back, appended or change class; who must go is named (D3, D21).
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from chalicelib.domain.places import Place, PlaceState, class_of
from chalicelib.domain.plans import LETTERS, DayPlan, PlaceClass, Position
from chalicelib.domain.rules import Rules

CLASSED = tuple(class_ for class_ in PlaceClass if class_ is not PlaceClass.GENERAL)


@dataclass(frozen=True, slots=True)
class DayBook:
    """
    A day as read: its plan and its touched places.
    """

    plan: DayPlan
    touched: Mapping[Position, Place]
    now: datetime
    rules: Rules

    def state(self, position: Position) -> PlaceState:
        """
        Give a place's state as time has made it: a hold that ran out is free (D32).
        """
        place = self.touched.get(position)
        if place is None:
            return PlaceState.FREE
        return PlaceState.FREE if place.state is PlaceState.HELD and not place.is_taken(self.now) else place.state

    def class_of(self, position: Position) -> PlaceClass:
        """
        Give a place's class.
        """
        return class_of(self.plan, self.touched.get(position), position)

    def is_secondary(self, position: Position) -> bool:
        """
        Tell a place that was given back (D5).
        """
        place = self.touched.get(position)
        return place is not None and place.secondary

    def ahead(self) -> Sequence[int]:
        """
        List the intervals that are not over yet: the past is left as it was.
        """
        return [interval for interval in range(len(self.plan.layout)) if self.plan.slot(interval, self.rules)[1] > self.now]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """
    What makes a day true: `layout` with appended places, places to withhold, and to put on sale in a class; `leaving` are sold places whose
    bookings must be moved, `waits` held ones to look at again, `excess` the sold places of a class above its ceiling, which stay (D3).
    """

    layout: tuple[str, ...]
    withhold: tuple[Position, ...] = ()
    offer: Mapping[Position, PlaceClass] = field(default_factory=dict)
    leaving: tuple[Position, ...] = ()
    waits: tuple[Position, ...] = ()
    excess: Mapping[PlaceClass, int] = field(default_factory=dict)


def adjust(book: DayBook, *, settled: Collection[Position] = ()) -> Adjustment:
    """
    Compare a day with the figures its plan carries; `settled` are sold places that stay whatever is ordered (entered, or already told).
    """
    ledger = _Ledger(book, settled)
    ledger.close()
    surplus = len(ledger.live) - sum(ledger.sizes.values())
    if surplus > 0:
        ledger.shrink(surplus)
    elif surplus < 0:
        ledger.grow(-surplus)
    ledger.balance()
    return ledger.result()


class _Ledger:
    """
    The day on paper while it is being adjusted: `live` are the places on sale or taken in open intervals that are not over.
    """

    def __init__(self, book: DayBook, settled: Collection[Position]) -> None:
        self._book, self._settled = book, frozenset(settled)
        plan, ahead = book.plan, book.ahead()
        self.sizes = {interval: plan.sizes[interval] for interval in ahead if interval not in plan.closed}
        self._shut = [position for interval in ahead if interval in plan.closed for position in plan.positions(interval)]
        self.state = {position: book.state(position) for interval in range(len(plan.layout)) for position in plan.positions(interval)}
        self.class_ = {position: book.class_of(position) for position in self.state}
        self._open = [position for position in self.state if position.interval in self.sizes]
        self.live = {position for position in self._open if self.state[position] is not PlaceState.WITHHELD}
        self._appended: dict[int, list[PlaceClass]] = {}
        self._leaving: list[Position] = []
        self._waits: list[Position] = []

    def close(self) -> None:
        """
        Empty the closed intervals: unsold places are withheld, sold ones leave, held ones are waited for.
        """
        for position in self._shut:
            self._drop(position)

    def _drop(self, position: Position) -> None:
        state = self.state[position]
        if state is PlaceState.FREE:
            self.state[position] = PlaceState.WITHHELD
        elif state is PlaceState.HELD:
            self._waits.append(position)
        elif state is PlaceState.SOLD and position not in self._settled:
            self._leaving.append(position)
        self.live.discard(position)

    def shrink(self, surplus: int) -> None:
        """
        Take so many places away: unsold ones above their class's ceiling first, other unsold ones, then sold ones, the fullest interval first.
        """
        counted = Counter(self.class_[position] for position in self.live)
        for class_ in CLASSED:
            above = min(surplus, counted[class_] - self._book.plan.quota(class_))
            surplus -= self._take(above, partial(self._is_free, class_=class_))
        surplus -= self._take(surplus, partial(self._is_free, class_=PlaceClass.GENERAL))
        surplus -= self._take(surplus, self._is_free)
        held = [position for position in self.live if self.state[position] is PlaceState.HELD]
        if surplus > 0 and held:
            self._waits.extend(held)
        surplus -= len(held)
        surplus -= self._take(surplus, partial(self._is_movable, class_=PlaceClass.GENERAL))
        self._take(surplus, self._is_movable)

    def _is_free(self, position: Position, *, class_: PlaceClass | None = None) -> bool:
        return self.state[position] is PlaceState.FREE and class_ in {None, self.class_[position]}

    def _is_movable(self, position: Position, *, class_: PlaceClass | None = None) -> bool:
        sold = self.state[position] is PlaceState.SOLD and position not in self._settled
        return sold and class_ in {None, self.class_[position]}

    def _take(self, amount: int, wanted: Callable[[Position], bool]) -> int:
        rows: dict[int, list[Position]] = {}
        for position in sorted(self.live):
            if amount > 0 and wanted(position):
                rows.setdefault(position.interval, []).append(position)
        fill = Counter(position.interval for position in self.live)
        taken = 0
        while taken < amount and rows:
            fullest = max(rows, key=lambda interval: (fill[interval] - self.sizes[interval], interval))
            self._drop(rows[fullest].pop())
            fill[fullest] -= 1
            taken += 1
            if not rows[fullest]:
                del rows[fullest]
        return taken

    def grow(self, lacking: int) -> None:
        """
        Add so many places: withheld ones are put back first, then positions are appended at their interval's end, the emptiest first (D3).
        """
        missing = self._missing()
        fill = Counter(position.interval for position in self.live)
        back = [position for position in self._open if self.state[position] is PlaceState.WITHHELD]
        for position in sorted(back, key=lambda each: (fill[each.interval] - self.sizes[each.interval], each))[:lacking]:
            self.state[position] = PlaceState.FREE
            self.live.add(position)
            fill[position.interval] += 1
            own = self.class_[position]
            self.class_[position] = own if missing[own] > 0 else PlaceClass.GENERAL
            missing[own] -= 1
            lacking -= 1
        classes = [class_ for class_ in CLASSED for _ in range(missing[class_])]
        for order in range(lacking if self.sizes else 0):
            emptiest = min(self.sizes, key=lambda interval: (fill[interval] - self.sizes[interval], interval))
            # classes come last, as in a day that is drawn: the general places of an interval keep the lower positions
            class_ = classes[lacking - 1 - order] if lacking - 1 - order < len(classes) else PlaceClass.GENERAL
            self._appended.setdefault(emptiest, []).append(class_)
            fill[emptiest] += 1

    def _missing(self) -> Counter[PlaceClass]:
        there = Counter(self.class_[position] for position in self._standing())
        return Counter({class_: max(0, self._book.plan.quota(class_) - there[class_]) for class_ in CLASSED})

    def _standing(self) -> Sequence[Position]:
        gone = set(self._leaving)
        return [position for position, state in self.state.items() if state is not PlaceState.WITHHELD and position not in gone]

    def balance(self) -> None:
        """
        Let unsold places change class until every class has what its ceiling grants: never a sold one, never one that was given back (D3, D5).
        """
        book = self._book
        added = Counter(class_ for classes in self._appended.values() for class_ in classes)
        for class_ in CLASSED:
            if class_.is_priority and book.rules.today(book.now) >= book.plan.day:
                continue
            standing = sum(self.class_[position] is class_ for position in self._standing()) + added[class_]
            over = standing - book.plan.quota(class_)
            source, target = (class_, PlaceClass.GENERAL) if over > 0 else (PlaceClass.GENERAL, class_)
            for position in self._changeable(source)[: abs(over)]:
                self.class_[position] = target

    def _changeable(self, class_: PlaceClass) -> Sequence[Position]:
        found = [
            position
            for position in self.live
            if self._is_free(position) and self.class_[position] is class_ and not self._book.is_secondary(position)
        ]
        reserved = Counter(position.interval for position in self.live if self.class_[position] is not PlaceClass.GENERAL)
        ranks = Counter[int]()
        keyed = []
        for position in sorted(found, reverse=True):
            keyed.append((reserved[position.interval] + ranks[position.interval], position))
            ranks[position.interval] += 1
        return [position for _, position in sorted(keyed, key=lambda pair: pair[0])]

    def result(self) -> Adjustment:
        """
        Tell what differs from the day as read.
        """
        book = self._book
        before = {position: book.state(position) for position in self.state}
        plan = book.plan
        layout = tuple(
            row
            + "".join(
                LETTERS[class_] for class_ in sorted(self._appended.get(interval, ()), key=lambda each: each is not PlaceClass.GENERAL)
            )
            for interval, row in enumerate(plan.layout)
        )
        taken = Counter(self.class_[position] for position, state in self.state.items() if state in {PlaceState.SOLD, PlaceState.HELD})
        over = {class_: taken[class_] - plan.quota(class_) for class_ in CLASSED}
        return Adjustment(
            layout=layout,
            withhold=tuple(each for each, state in self.state.items() if state is PlaceState.WITHHELD and before[each] is not state),
            offer={
                each: self.class_[each]
                for each, state in self.state.items()
                if state is PlaceState.FREE and (before[each] is PlaceState.WITHHELD or self.class_[each] is not book.class_of(each))
            },
            leaving=tuple(self._leaving),
            waits=tuple(self._waits),
            excess={class_: amount for class_, amount in over.items() if amount > 0},
        )


def extended(plan: DayPlan, layout: tuple[str, ...]) -> DayPlan:
    """
    Append places to a plan: the next version.
    """
    return replace(plan, layout=layout, version=plan.version + 1)
