"""
A day's plan fixes its places before anyone asks for one: intervals, positions, and the class of every position (D2, D3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.rules import Rules


class PlaceClass(StrEnum):
    """
    The classes of §6 and §6-1; `general` is everybody's.
    """

    GENERAL = "general"
    PRIORITY_POST = "priority_post"
    PRIORITY_GOODS = "priority_goods"
    PRIORITY_STATE = "priority_state"
    EXPEDITED = "expedited"

    @property
    def is_priority(self) -> bool:
        """
        Tell the three classes whose unsold places open to everyone on the day itself (§6, D4).
        """
        return self in PRIORITY


PRIORITY = frozenset({PlaceClass.PRIORITY_POST, PlaceClass.PRIORITY_GOODS, PlaceClass.PRIORITY_STATE})
LETTERS = {
    PlaceClass.GENERAL: "g",
    PlaceClass.PRIORITY_POST: "p",
    PlaceClass.PRIORITY_GOODS: "o",
    PlaceClass.PRIORITY_STATE: "s",
    PlaceClass.EXPEDITED: "e",
}
CLASSES = {letter: class_ for class_, letter in LETTERS.items()}


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """
    One place's coordinates within its day: interval index from 0, position in the interval from 1.
    """

    interval: int
    index: int

    @property
    def key(self) -> str:
        """
        Spell it so that text order is queue order: `14-007`.
        """
        return f"{self.interval:02d}-{self.index:03d}"

    @classmethod
    def parse(cls, key: str) -> "Position":
        """
        Read what `key` spelled.
        """
        interval, index = key.split("-")
        return cls(int(interval), int(index))


@dataclass(frozen=True, slots=True)
class DayPlan:
    """
    One checkpoint's day. `layout[i]` spells interval i, a letter for each position's class; `opens` is minutes after local midnight.

    What an order changed on an open day (D21): `per_day` and `quotas` are the figures now in force (none: as drawn), `closed` the closed
    intervals, `shifts` and `extended` the minutes by which each interval is late and by how much longer its bookings are good.
    """

    checkpoint: str
    day: date
    interval_minutes: int
    opens: int
    layout: tuple[str, ...]
    version: int = 1
    per_day: int | None = None
    quotas: Mapping[str, int] = field(default_factory=dict)
    closed: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()
    extended: tuple[int, ...] = ()

    @property
    def capacity(self) -> int:
        """
        Count the day's places, withheld ones too: a place once drawn stays (D3).
        """
        return sum(len(row) for row in self.layout)

    @property
    def target(self) -> int:
        """
        Give the capacity in force: what was drawn, until an order says otherwise (D1).
        """
        return self.capacity if self.per_day is None else self.per_day

    @property
    def is_closed(self) -> bool:
        """
        Tell a day on which nothing is open: a day off, or closed from end to end.
        """
        return not any(size for interval, size in enumerate(self.sizes) if interval not in self.closed)

    @property
    def closes(self) -> int:
        """
        Give the end of the last interval, in minutes after local midnight.
        """
        return self.opens + self.interval_minutes * len(self.layout)

    def is_closed_at(self, now: datetime, rules: Rules) -> bool:
        """
        Tell whether a closure or a day off keeps everybody out now (D21).
        """
        return self.is_closed or any(start <= now < end for interval in self.closed for start, end in [self.slot(interval, rules)])

    @property
    def sizes(self) -> Sequence[int]:
        """
        Give how many places each interval ought to offer under the figure in force.
        """
        return [len(row) for row in self.layout] if self.per_day is None else spread(self.per_day, len(self.layout))

    def quota(self, class_: PlaceClass) -> int:
        """
        Give a class's ceiling in places (§6, §6-1): what was drawn, until an order says otherwise.
        """
        drawn = sum(row.count(LETTERS[class_]) for row in self.layout)
        return drawn if self.per_day is None else self.quotas.get(class_.value, 0)

    def shift(self, interval: int) -> timedelta:
        """
        Tell by how much an interval is late (D21).
        """
        return timedelta(minutes=self.shifts[interval] if interval < len(self.shifts) else 0)

    def extension(self, interval: int) -> timedelta:
        """
        Tell by how much longer an interval's bookings are good (D21).
        """
        return timedelta(minutes=self.extended[interval] if interval < len(self.extended) else 0)

    def term(self, interval: int, rules: Rules) -> tuple[int, datetime | None]:
        """
        Give what orders say of an interval: by how many minutes it is late, and until when its bookings are good where they were extended (D21).
        """
        shift, extension = self.shift(interval), self.extension(interval)
        _, end = self.slot(interval, rules)
        return int(shift.total_seconds() // 60), end + shift + rules.no_show_grace + extension if extension else None

    def slot(self, interval: int, rules: Rules) -> tuple[datetime, datetime]:
        """
        Give the half-open period [start, end) of an interval: an hour by its clocks, which is two where they show it twice, and none (start =
        end) where they leap over it (D32).
        """
        starts = self.opens + interval * self.interval_minutes
        return rules.at(self.day, starts), rules.at(self.day, starts + self.interval_minutes)

    def interval_at(self, start: datetime, rules: Rules) -> int | None:
        """
        Find the interval that starts at an instant, or none.
        """
        index = int(rules.minutes(self.day, start) - self.opens) // self.interval_minutes
        return index if 0 <= index < len(self.layout) and self.slot(index, rules)[0] == start.astimezone(UTC) else None

    def class_at(self, position: Position) -> PlaceClass:
        """
        Give the planned class of a position.
        """
        return CLASSES[self.layout[position.interval][position.index - 1]]

    def has(self, position: Position) -> bool:
        """
        Tell whether the day has a place at a position: rows of a day that was drawn anew may lie beside it.
        """
        return position.interval < len(self.layout) and position.index <= len(self.layout[position.interval])

    def positions(self, interval: int) -> Sequence[Position]:
        """
        List an interval's positions, lowest first.
        """
        return [Position(interval, index + 1) for index in range(len(self.layout[interval]))]


def draw_plan(
    *, checkpoint: str, day: date, capacity: int, interval_minutes: int, opens: int, closes: int, ceilings: Mapping[PlaceClass, int]
) -> DayPlan:
    """
    Spread a day's capacity over its intervals, and the classes over the day: last positions of their intervals, rounded down (§6, §6-1, D2, D3).

    `ceilings` are percent of the capacity; `opens` and `closes` are minutes after local midnight.
    """
    count = max(1, (closes - opens) // interval_minutes)
    sizes = spread(capacity, count)
    taken: list[list[PlaceClass]] = [[] for _ in range(count)]
    for class_, amount in quotas_of(capacity, ceilings).items():
        _spread(class_, amount, sizes, taken)
    layout = tuple(_row(size, reserved) for size, reserved in zip(sizes, taken, strict=True))
    return DayPlan(checkpoint=checkpoint, day=day, interval_minutes=interval_minutes, opens=opens, layout=layout)


def spread(capacity: int, count: int) -> Sequence[int]:
    """
    Share a day's capacity evenly among its intervals.
    """
    return [capacity * (index + 1) // count - capacity * index // count for index in range(count)]


def quotas_of(capacity: int, ceilings: Mapping[PlaceClass, int]) -> Mapping[PlaceClass, int]:
    """
    Turn ceilings in percent into places, rounded down: 1 % of 350 is 3, and 0 means none that day (§6, §6-1, D2).
    """
    return {class_: capacity * percent // 100 for class_, percent in ceilings.items()}


def _spread(class_: PlaceClass, amount: int, sizes: Sequence[int], taken: Sequence[list[PlaceClass]]) -> None:
    for order in range(amount):
        wanted = (2 * order + 1) * len(sizes) // (2 * amount)
        room = sorted(
            (index for index in range(len(sizes)) if len(taken[index]) < sizes[index]),
            key=lambda index: (len(taken[index]), abs(index - wanted)),
        )
        taken[room[0]].append(class_)


def _row(size: int, reserved: Sequence[PlaceClass]) -> str:
    general = LETTERS[PlaceClass.GENERAL] * (size - len(reserved))
    return general + "".join(LETTERS[class_] for class_ in sorted(reserved, reverse=True))
