"""
What all who act in the month share: the desk, the timeline, chance by name, what came of it.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bench.month.desk import Desk
from bench.month.outcomes import Outcomes
from bench.month.scenario import Scenario
from bench.month.timeline import Timeline
from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.schedule import NextStep, Step, next_step
from chalicelib.usecases.keep_time import KeepTime
from chalicelib.usecases.ports import Committed, Write

LOOK_AGAIN: Final = timedelta(minutes=5)


@dataclass(slots=True)
class Trip:
    """
    The truth about one booking, which the system does not know: whether its truck comes, when, and what became of it.
    """

    booking: str
    truck: int
    comes: bool
    late: bool
    bot: bool = False
    heading: datetime | None = None
    arrives_at: datetime | None = None
    in_area: datetime | None = None
    asked_ready: bool = False
    says_ready: bool = False
    left: datetime | None = None
    admitted: datetime | None = None
    in_time: bool = False
    gone: bool = False


@dataclass(slots=True)
class World:
    """
    One month, not yet lived.
    """

    scenario: Scenario
    timeline: Timeline = field(default_factory=Timeline)
    outcomes: Outcomes = field(default_factory=Outcomes)
    trips: dict[str, Trip] = field(default_factory=dict)
    moved: Callable[[Trip], None] = lambda _: None
    desk: Desk = field(init=False)
    heeds: dict[Step, Callable[[str], bool]] = field(init=False)
    _chance: dict[str, random.Random] = field(default_factory=dict)

    def __post_init__(self) -> None:
        begins = self.scenario.start - timedelta(days=90)
        self.desk = Desk(start=begins, capacity=self.scenario.capacity, seed=self.scenario.seed, told=self._follow)
        keep = self.desk.made(KeepTime)
        self.heeds = {
            Step.TIDY: lambda booking: keep.tidy(booking=booking),
            Step.REMIND: lambda booking: keep.remind(booking=booking),
            Step.CALL: lambda booking: keep.call(booking=booking),
            Step.ANNUL: lambda booking: keep.annul(booking=booking),
            Step.RECHECK: self._recheck,
        }

    @property
    def now(self) -> datetime:
        """
        Give business time.
        """
        return self.desk.clock.time

    def chance(self, name: str) -> random.Random:
        """
        Give a source of chance of its own, so that one actor's draws never move another's.
        """
        if name not in self._chance:
            self._chance[name] = random.Random(f"{name}-{self.scenario.seed}")
        return self._chance[name]

    def live(self, *, until: datetime) -> None:
        """
        Live on to a moment.
        """
        while (found := self.timeline.next(until=until)) is not None:
            moment, act = found
            self.desk.clock.time = max(self.desk.clock.time, moment)
            act()
        self.desk.clock.time = until

    def _follow(self, booking: Booking, moved: bool) -> None:  # noqa: FBT001  two words of one telling
        """
        Foresee what a booking just written waits for, as the sparse index does.
        """
        trip = self.trips.get(booking.id)
        if moved and trip is not None:
            self.moved(trip)
        due = next_step(booking, self.desk.rules_on(self.desk.clock.time))
        if due is not None and due.step in self.heeds:
            self._foresee(booking.id, booking.version, due)

    def _recheck(self, booking: str) -> bool:
        """
        Let every register confirm again what it confirmed before: the month is about the queue.
        """
        seen = self.desk.booking(booking)
        after = seen.after(Happening.RECHECKED, rechecked_at=self.now)
        return self.desk.shelves.commit(Write(after, seen.version)) == Committed()

    def _foresee(self, booking: str, version: int, due: NextStep) -> None:
        def act() -> None:
            if self.desk.booking(booking).version != version:
                return
            self.heeds[due.step](booking)
            if self.desk.booking(booking).version == version:
                self._foresee(booking, version, NextStep(due.step, self.now + LOOK_AGAIN))

        self.timeline.at(max(due.at, self.now), act)
