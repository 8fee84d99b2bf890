from datetime import datetime, timedelta

from chalicelib.api.schemas.officer import (
    DeviceView,
    GatewayView,
    LiveView,
    PhotoView,
    PlateReadView,
    SeenVehicleView,
    TaskView,
    WaitingAreaView,
)
from chalicelib.api.views.bookings import suspension_view
from chalicelib.contracts.passages import Action, DecisionReason, DeviceHealth
from chalicelib.domain.bookings import EXPECTED, Booking
from chalicelib.domain.schedule import effective_leave_by, effective_start
from chalicelib.domain.turns import expected_in
from chalicelib.usecases.watch_checkpoint import Live, OfficerTask, Sighting, Whereabouts

LINK_LIFE = timedelta(seconds=60)
LINK_STEP_SECONDS = 30
"""A photograph's link is told anew twice in its life, so that an unchanged picture costs a 304 in between."""
UNVERSIONED = {"at": True, "gateway": {"last_seen", "reported_up_to"}, "readings": {"__all__": {"photo": {"url"}}}}
"""What changes with every look and is no news."""


def live_view(live: Live, *, wall: datetime) -> LiveView:
    """
    Show a checkpoint to its officer.
    """
    state = live.gateway
    return LiveView(
        checkpoint=live.checkpoint,
        at=live.at,
        counts=dict(live.counts),
        vehicles=[_vehicle(live, booking, where) for booking, where in live.vehicles],
        tasks=[_task(task) for task in live.tasks],
        waiting_area=WaitingAreaView(capacity=live.waiting_area.capacity, vehicles=live.waiting_area.vehicles),
        readings=[reading_view(sighting, wall) for sighting in live.sightings],
        devices=[_device(device) for device in live.devices],
        gateway=GatewayView(connected=live.connected, last_seen=state.last_seen, reported_up_to=state.reported_upto),
    )


def _vehicle(live: Live, booking: Booking, where: Whereabouts) -> SeenVehicleView:
    expected = booking.status in EXPECTED
    return SeenVehicleView(
        booking=booking.id,
        number=booking.number,
        plate=booking.vehicle.plate,
        country=booking.vehicle.country,
        class_=booking.class_,
        status=booking.status,
        state=where,
        slot_start=booking.slot_start,
        slot_end=booking.slot_end,
        expected_at=_expected_at(live, booking) if expected else None,
        queue_position=live.line.place_of(booking.id) if expected and live.line is not None else None,
        ready_at=booking.ready_at,
        suspended=suspension_view(booking.suspended),
        called_at=booking.called_at,
        arrived_at=booking.arrived_at,
        left_area_at=booking.left_area_at,
        leave_by=effective_leave_by(booking) if expected else booking.leave_by,
    )


def _expected_at(live: Live, booking: Booking) -> datetime | None:
    if live.line is None or booking.slot_start is None:
        return effective_start(booking) if booking.slot_start is not None else None
    return expected_in(live.line, booking, now=live.at, rules=live.rules)


def _task(task: OfficerTask) -> TaskView:
    booking = task.booking
    return TaskView(
        kind=task.kind,
        since=task.since,
        lane=task.lane,
        plate=booking.vehicle.plate if booking is not None else task.plate,
        booking=booking.id if booking is not None else None,
        number=booking.number if booking is not None else None,
        reason=task.reason,
    )


def reading_view(sighting: Sighting, wall: datetime) -> PlateReadView:
    """
    Show what one camera read, and its photograph behind a link of a minute.
    """
    passage, entry = sighting.passage, sighting.entry
    best = entry.readings[0] if entry.readings else None
    decision = entry.decision
    return PlateReadView(
        id=f"{passage.journal}.{passage.sequence}",
        at=entry.at,
        lane=entry.lane,
        lane_kind=entry.lane_kind,
        plate=best.text if best else None,
        country=best.country if best else None,
        confidence=best.confidence if best else None,
        action=decision.action if decision else Action.NONE,
        reason=decision.reason if decision else DecisionReason.UNREADABLE,
        booking=passage.booking,
        booking_number=decision.booking_number if decision else None,
        detail=decision.detail if decision else None,
        note=passage.note,
        elsewhere=sighting.elsewhere,
        photo=_photo(sighting.photo, wall),
    )


def _photo(url: str | None, wall: datetime) -> PhotoView | None:
    if url is None:
        return None
    step = wall - timedelta(seconds=wall.second % LINK_STEP_SECONDS, microseconds=wall.microsecond)
    return PhotoView(url=url, expires_at=step + LINK_LIFE)


def _device(health: DeviceHealth) -> DeviceView:
    return DeviceView(device=health.device, kind=health.kind, lane=health.lane, ok=health.ok, state=health.state, since=health.since)
