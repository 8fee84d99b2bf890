"""
What the sites know that speaks for or against a no-show, read once for many bookings (D16, D18).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.contracts.passages import LaneKind
from chalicelib.domain.bookings import Booking
from chalicelib.domain.line import late_by, turn_came_at
from chalicelib.domain.no_shows import Evidence, blind_lanes, closed_until
from chalicelib.domain.plans import DayPlan
from chalicelib.domain.records import GatewayState
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import effective_end
from chalicelib.domain.site_notes import SiteNotes
from chalicelib.usecases.measure_line import Measured, MeasureLine
from chalicelib.usecases.ports import Passages, Places
from chalicelib.usecases.site_devices import devices_of

A_DAY: Final = timedelta(days=1)
LaneKindOf = Callable[[str, str], LaneKind | None]
"""What a checkpoint's lane is."""


@dataclass(frozen=True, slots=True)
class Sites:
    """
    What was read of the sites: lines only of checkpoints at which one of the vehicles has come.
    """

    lines: Mapping[str, Measured]
    gateways: Mapping[str, GatewayState]
    notes: Mapping[str, SiteNotes]
    plans: Mapping[str, Sequence[DayPlan]]
    blind: Mapping[str, frozenset[LaneKind]]

    def evidence(self, seen: Booking, *, now: datetime, rules: Rules) -> Evidence:
        """
        Gather what is known about one of the bookings.
        """
        measured = self.lines.get(seen.checkpoint) if seen.arrived_at is not None else None
        end = effective_end(seen)
        plans = [plan for plan in self.plans.get(seen.checkpoint, ()) if plan.day >= rules.today(end)]
        return Evidence(
            reported_upto=self.gateways[seen.checkpoint].reported_upto,
            notes=self.notes[seen.checkpoint],
            late_by=late_by(measured.line, seen.id, now=now) if measured is not None else timedelta(),
            turn_at=turn_came_at(measured.bookings, seen, now=now) if measured is not None else None,
            closed_until=closed_until(plans, since=end, now=now, rules=rules),
            blind=self.blind[seen.checkpoint],
        )


@dataclass(frozen=True, slots=True)
class GatherEvidence:
    """
    Reads consistently, and how far gateways have reported before what they left open: what they told by then is among it.
    """

    places: Places
    passages: Passages
    lane_kind: LaneKindOf
    measure: MeasureLine

    def __call__(self, bookings: Sequence[Booking], *, now: datetime, rules: Rules) -> Sites:
        """
        Read what is known of the sites of some bookings.
        """
        if not bookings:
            return Sites({}, {}, {}, {}, {})
        checkpoints = sorted({booking.checkpoint for booking in bookings})
        lines = {checkpoint: self.measure(checkpoint=checkpoint) for checkpoint in checkpoints if _has_come(bookings, checkpoint)}
        heard = {gateway.checkpoint: gateway for gateway in self.passages.gateways()}
        gateways = {checkpoint: heard.get(checkpoint) or GatewayState(checkpoint, version=0) for checkpoint in checkpoints}
        notes = self.passages.notes_of(checkpoints)
        first = min(rules.today(effective_end(booking)) for booking in bookings)
        blind = {checkpoint: self._blind(gateway) for checkpoint, gateway in gateways.items()}
        return Sites(lines, gateways, notes, self._plans(checkpoints, first, rules.today(now)), blind)

    def _blind(self, gateway: GatewayState) -> frozenset[LaneKind]:
        return blind_lanes(devices_of(gateway), kind_of=lambda lane: self.lane_kind(gateway.checkpoint, lane))

    def _plans(self, checkpoints: Sequence[str], first: date, last: date) -> Mapping[str, Sequence[DayPlan]]:
        found: defaultdict[str, list[DayPlan]] = defaultdict(list)
        for day in (first + number * A_DAY for number in range((last - first).days + 1)):
            for plan in self.places.plans_on(checkpoints, day):
                found[plan.checkpoint].append(plan)
        return found


def _has_come(bookings: Sequence[Booking], checkpoint: str) -> bool:
    return any(booking.arrived_at is not None for booking in bookings if booking.checkpoint == checkpoint)
