"""
Which camera, barrier, board and power supply is connected, and when it was last heard of (§7, §8, §13, §14).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.contracts.passages import DeviceHealth
from chalicelib.domain.records import GatewayState
from chalicelib.usecases.ports import Clock, Passages
from chalicelib.usecases.site_devices import devices_of
from chalicelib.usecases.watch_checkpoint import SILENT_AFTER


@dataclass(frozen=True, slots=True)
class Site:
    """
    A checkpoint's equipment: what its gateway told last, and what was expected and never told of.

    `autonomy` is the shortest time for which a supply on the site says that it can run without the grid; none: nothing says so.
    """

    checkpoint: str
    connected: bool
    gateway: GatewayState
    devices: Sequence[DeviceHealth]
    unheard: Sequence[str]
    autonomy: timedelta | None


@dataclass(frozen=True, slots=True)
class WatchDevices:
    """
    `GET /v1/registrar/devices`. `expected` names the devices of every checkpoint by its lanes.
    """

    passages: Passages
    clock: Clock
    expected: Callable[[], Mapping[str, Sequence[str]]]

    def __call__(self) -> Sequence[Site]:
        """
        Show every checkpoint, those that were never heard of too.
        """
        now = self.clock.now()
        heard = {state.checkpoint: state for state in self.passages.gateways()}
        expected = self.expected()
        return [
            _site(heard.get(each) or GatewayState(each, version=0), expected.get(each, ()), now) for each in sorted({*expected, *heard})
        ]


def _site(gateway: GatewayState, expected: Sequence[str], now: datetime) -> Site:
    devices = devices_of(gateway)
    known = {device.device for device in devices}
    supplies = [device.autonomy_minutes for device in devices if device.autonomy_minutes is not None]
    return Site(
        checkpoint=gateway.checkpoint,
        connected=gateway.last_seen is not None and now - gateway.last_seen < SILENT_AFTER,
        gateway=gateway,
        devices=devices,
        unheard=[device for device in expected if device not in known],
        autonomy=timedelta(minutes=min(supplies)) if supplies else None,
    )
