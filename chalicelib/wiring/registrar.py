"""
The use cases of the registrar and of searches with their ports.
"""

from collections.abc import Mapping, Sequence

from chalicelib.usecases.help_booking import HelpBooking
from chalicelib.usecases.search_by_name import SearchByName
from chalicelib.usecases.watch_devices import WatchDevices
from chalicelib.wiring.outside import law, once, parts


@once
def help_booking() -> HelpBooking:
    """
    §21, §29.
    """
    return HelpBooking(**parts("committer", "bookings", "locks", "requests", "clock", "rules_on"))


@once
def search_by_name() -> SearchByName:
    """
    §2.1.
    """
    return SearchByName(**parts("committer", "bookings", "people", "clock", "chance", "rules_on"))


@once
def watch_devices() -> WatchDevices:
    """
    §7, §8, §13.
    """

    def expected() -> Mapping[str, Sequence[str]]:
        return {
            checkpoint.id: [
                name for lane in checkpoint.lanes for name in (f"camera-{lane.id}", *((f"barrier-{lane.id}",) if lane.has_barrier else ()))
            ]
            for checkpoint in law().checkpoints.values()
        }

    return WatchDevices(**parts("passages", "clock"), expected=expected)
