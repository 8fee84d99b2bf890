"""
All barriers of a site: what they do is journaled, told to the site and to the heartbeat; what was ordered before a crash is seen through.
"""

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from chalicelib.contracts import topics
from chalicelib.contracts.passages import BarrierChange, BarrierState, EntryKind, JournalEntry
from iot.gate.barrier import Barrier
from iot.gate.health import Health
from iot.gate.marks import Opening
from iot.gate.motor import Motor, SimulatedMotor
from iot.gate.records import Records
from iot.gate.settings import GateSettings
from iot.kit.link import Link, UnableToPublishError

LOGGER = logging.getLogger(__name__)

SEE_THROUGH_SECONDS: Final = 15.0
"""An opening ordered before a crash is carried out if it is no older; later the truck may be gone."""


def simulated_motors(settings: GateSettings) -> Mapping[str, Motor]:
    """
    A simulated boom for each lane with a barrier, in the data folder.
    """
    return {
        lane: SimulatedMotor(file=settings.data_dir / f"boom-{lane}.json", travel_seconds=settings.barrier.travel)
        for lane in settings.barrier_lanes
    }


class Barriers:
    """
    One `Barrier` a lane. `on_change` is called after every move, when the marks may have changed too.
    """

    def __init__(
        self,
        *,
        records: Records,
        link: Link,
        health: Health,
        motors: Mapping[str, Motor],
        on_change: Callable[[], None],
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._records, self._link, self._health = records, link, health
        self._on_change, self._monotonic, self._wall = on_change, monotonic, wall
        self._by_lane = {
            lane: Barrier(motor=motor, times=records.settings.barrier, on_change=partial(self._changed, lane), now=monotonic())
            for lane, motor in motors.items()
        }

    @property
    def moving(self) -> bool:
        """
        Whether a boom is under way.
        """
        return any(barrier.moving for barrier in self._by_lane.values())

    def state(self, lane: str) -> BarrierState | None:
        """
        A lane's barrier state; none for a lane without barrier.
        """
        barrier = self._by_lane.get(lane)
        return barrier.state if barrier else None

    def see_through(self) -> None:
        """
        After a start: carry out what was ordered just before, take note of what got open, give up what is too old.
        """
        for lane, barrier in self._by_lane.items():
            now = self._records.clock.now()
            self._health.barrier_is(lane=lane, state=barrier.state, at=now)
            opening = self._records.marks.unfinished(lane=lane)
            if opening is None:
                continue
            if barrier.state is BarrierState.OPEN or self._wall() - opening.ordered <= SEE_THROUGH_SECONDS:
                self.open(opening)
            else:
                LOGGER.warning("an opening of %s is too old to be seen through", lane)
                self._records.marks.abandon(lane=lane)

    def open(self, opening: Opening) -> None:
        """
        Carry out a committed opening.
        """
        barrier = self._by_lane[opening.lane]
        barrier.open(cause=opening.cause, now=self._monotonic())
        if barrier.state is BarrierState.OPEN:
            self._opened(opening.lane)

    def close(self, *, lane: str, cause: str) -> None:
        """
        Carry out an order to close.
        """
        self._by_lane[lane].close(cause=cause, now=self._monotonic())

    def poll(self) -> None:
        """
        Look at every boom.
        """
        for barrier in self._by_lane.values():
            barrier.poll(now=self._monotonic())

    def _changed(self, lane: str, previous: BarrierState, state: BarrierState, cause: str) -> None:
        with self._records.database.transaction():
            now = self._records.clock.now()
            change = BarrierChange(lane=lane, at=now, state=state, previous=previous, cause=cause)
            lane_kind = self._records.settings.lanes[lane]
            entry = JournalEntry(sequence=0, at=now, kind=EntryKind.BARRIER, lane=lane, lane_kind=lane_kind, barrier=change)
            self._records.journal.append(entry)
            if state is BarrierState.OPEN:
                self._records.marks.opened(lane=lane)
        self._health.barrier_is(lane=lane, state=state, at=now)
        self._on_change()
        try:
            self._link.publish(topic=topics.local_barrier(lane), message=change)
        except UnableToPublishError as error:
            LOGGER.warning("the site was not told: %s", error)

    def _opened(self, lane: str) -> None:
        self._records.marks.opened(lane=lane)
        self._on_change()
