from datetime import datetime, timedelta

from chalicelib.api.schemas.officer import DeviceView, GatewayView, LiveView, PhotoView, PlateReadView, SeenVehicleView
from chalicelib.contracts.passages import Action, DecisionReason, DeviceHealth
from chalicelib.domain.bookings import EXPECTED, Booking
from chalicelib.usecases.watch_checkpoint import Live, Sighting, Whereabouts

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
        vehicles=[_vehicle(booking, where) for booking, where in live.vehicles],
        readings=[_reading(sighting, wall) for sighting in live.sightings],
        devices=[_device(device) for device in live.devices],
        gateway=GatewayView(connected=live.connected, last_seen=state.last_seen, reported_up_to=state.reported_upto),
    )


def _vehicle(booking: Booking, where: Whereabouts) -> SeenVehicleView:
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
        expected_at=booking.slot_start if booking.status in EXPECTED else None,
        called_at=booking.called_at,
        arrived_at=booking.arrived_at,
        left_area_at=booking.left_area_at,
        leave_by=booking.leave_by,
    )


def _reading(sighting: Sighting, wall: datetime) -> PlateReadView:
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
