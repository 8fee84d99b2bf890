"""
Which devices of the site answer, as a heartbeat tells it: cameras by their frames and their reader, barriers by their state, the board by its word.
"""

import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from chalicelib.contracts.passages import BarrierState, DeviceHealth, LaneKind
from iot.gate.settings import GateSettings

SILENT_AFTER_SECONDS: Final = 20.0
"""Components that report their own health do so every 5 s."""


class Health:
    """
    The devices of one site. `now` is business time, `moment` monotonic seconds.
    """

    def __init__(self, *, settings: GateSettings, now: datetime) -> None:
        self._lock = threading.Lock()
        self._reported: dict[str, tuple[DeviceHealth, float]] = {}
        self._cameras = {
            lane: DeviceHealth(device=f"camera-{lane}", kind="camera", lane=lane, ok=True, state="no frame yet", since=now)
            for lane in settings.lanes
        }
        self._barriers = {
            lane: DeviceHealth(device=f"barrier-{lane}", kind="barrier", lane=lane, ok=True, state=BarrierState.CLOSED.value, since=now)
            for lane, kind in settings.lanes.items()
            if kind in {LaneKind.ENTRY, LaneKind.EXIT}
        }

    def frame_seen(self, *, lane: str, at: datetime) -> None:
        """
        A camera has shown something.
        """
        with self._lock:
            if lane in self._cameras:
                self._cameras[lane] = DeviceHealth(device=f"camera-{lane}", kind="camera", lane=lane, ok=True, state="seen", since=at)

    def barrier_is(self, *, lane: str, state: BarrierState, at: datetime) -> None:
        """
        A barrier's new state.
        """
        ok = state is not BarrierState.FAULTED
        with self._lock:
            self._barriers[lane] = DeviceHealth(device=f"barrier-{lane}", kind="barrier", lane=lane, ok=ok, state=state.value, since=at)

    def reported(self, health: DeviceHealth, *, moment: float) -> None:
        """
        A component's word on its own device; it takes the place of what the gate itself concludes.
        """
        with self._lock:
            self._reported[health.device] = (health, moment)

    def devices(self, *, moment: float) -> tuple[DeviceHealth, ...]:
        """
        All of them; one that used to report and fell silent is not well.
        """
        with self._lock:
            concluded: Mapping[str, DeviceHealth] = {one.device: one for one in (*self._cameras.values(), *self._barriers.values())}
            said = {
                device: _aged(health, silent=moment - heard > SILENT_AFTER_SECONDS) for device, (health, heard) in self._reported.items()
            }
        return tuple({**concluded, **said}.values())


def _aged(health: DeviceHealth, *, silent: bool) -> DeviceHealth:
    if not silent:
        return health
    return DeviceHealth(device=health.device, kind=health.kind, lane=health.lane, ok=False, state="silent", since=health.since)
