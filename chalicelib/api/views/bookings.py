from collections.abc import Mapping
from typing import Any

from chalicelib.api.languages import Language
from chalicelib.api.problems import written_rule
from chalicelib.api.schemas.booking_views import (
    BookingPage,
    BookingView,
    ChoiceView,
    DriverView,
    DueView,
    EventView,
    ForgivenessView,
    PersonView,
    SlotView,
    SuspensionView,
    TrailerView,
    VehicleView,
)
from chalicelib.api.schemas.fields import money
from chalicelib.api.views.verification import verification_view
from chalicelib.domain.bookings import BEFORE_PAYMENT, EXPECTED, Booking, Status, Suspension
from chalicelib.domain.decisions import Allowed
from chalicelib.domain.money import Due
from chalicelib.domain.moves import may_choose
from chalicelib.domain.records import Event
from chalicelib.domain.schedule import effective_leave_by, forgiveness_again_on, no_show_at
from chalicelib.domain.vehicles import Party
from chalicelib.usecases.ports import Page
from chalicelib.usecases.read_bookings import BookingSeen

PERSONAL = ("name", "iin", "bin", "birth_date", "phone", "email", "document", "language", "channel")
People = Mapping[str, Mapping[str, Any]] | None


def booking_page(page: Page[BookingSeen], *, language: Language) -> BookingPage:
    """
    Show bookings in a list.
    """
    return BookingPage(items=[booking_view(seen, language=language) for seen in page.items], next_cursor=page.next_cursor)


def booking_view(seen: BookingSeen, *, language: Language, staff: bool = False) -> BookingView:
    """
    Show a booking as time has made it; to staff also which officer did what.
    """
    booking = seen.booking
    status = booking.status_at(seen.now, seen.rules)
    expected = status in EXPECTED and booking.slot_start is not None
    return BookingView(
        id=booking.id,
        number=booking.number,
        status=status,
        class_=booking.class_,
        pool=booking.pool,
        checkpoint=booking.checkpoint,
        created_at=booking.created_at,
        slot=_slot(booking),
        due=_due(booking.due) if status is Status.HELD else None,
        deposit=booking.deposit,
        hold_expires_at=booking.hold_expires_at if status is Status.HELD else None,
        verification=verification_view(seen, language=language),
        reschedules_left=booking.reschedules_left,
        forgiveness=_forgiveness(seen),
        arrived_at=booking.arrived_at,
        called_at=booking.called_at,
        leave_by=effective_leave_by(booking) if expected else booking.leave_by,
        left_area_at=booking.left_area_at,
        admitted_at=booking.admitted_at,
        crossed_at=booking.crossed_at,
        expected_at=seen.expected_at if expected else None,
        valid_until=no_show_at(booking, seen.rules) if expected else None,
        ready_at=booking.ready_at,
        suspended=suspension_view(booking.suspended) if status in EXPECTED | BEFORE_PAYMENT else None,
        choice=_choice(booking),
        account=booking.account if staff else None,
        queue_position=seen.queue_position if expected else None,
        personal_data="unavailable" if seen.people is None else None,
        timeline=[_event(event, staff=staff) for event in seen.timeline],
        **_subjects(booking, seen.people),
    )


def suspension_view(stopped: Suspension | None) -> SuspensionView | None:
    """
    Show why a booking stands still.
    """
    return None if stopped is None else SuspensionView(rule=written_rule(stopped.rule), reason=stopped.reason, since=stopped.since)


def _choice(booking: Booking) -> ChoiceView | None:
    if booking.excuse is None or booking.status not in EXPECTED:
        return None
    allowed = isinstance(may_choose(booking), Allowed)
    return ChoiceView(may_relocate=allowed, may_withdraw=allowed, ground=booking.excuse.ground)


def _subjects(booking: Booking, people: People) -> dict[str, Any]:
    vehicle, trailer = booking.vehicle, booking.trailer
    return {
        "vehicle": VehicleView(
            country=vehicle.country, plate=vehicle.plate, vin=vehicle.vin, category=vehicle.category.value, body=vehicle.body
        ),
        "trailer": TrailerView(country=trailer.country, plate=trailer.plate) if trailer is not None else None,
        "owner": PersonView(**_person(booking.owner, people)),
        "drivers": [DriverView(id=str(index), **_person(driver, people)) for index, driver in enumerate(booking.drivers)],
        "authorized_drivers": booking.authorized_drivers,
    }


def _person(party: Party, people: People) -> dict[str, Any]:
    fields = (people or {}).get(party.person, {})
    shown = {name: fields[name] for name in PERSONAL if fields.get(name)}
    return {"resident": party.resident, "kind": party.kind, **shown}


def _slot(booking: Booking) -> SlotView | None:
    if booking.slot_start is None or booking.slot_end is None:
        return None
    return SlotView(start=booking.slot_start, end=booking.slot_end)


def _due(due: Due | None) -> DueView | None:
    if due is None:
        return None
    return DueView(fee=money(due.fee), deposit=money(due.deposit), from_wallet=money(due.from_wallet), to_pay=money(due.to_pay))


def _forgiveness(seen: BookingSeen) -> ForgivenessView:
    used_on = seen.booking.forgiven_on or seen.missed_on
    return ForgivenessView(used_on=used_on, again_on=forgiveness_again_on(used_on, seen.rules) if used_on else None)


def _event(event: Event, *, staff: bool) -> EventView:
    # who an officer is stays with the record and his colleagues; the holder sees that it was one
    by = event.by if staff else event.by.partition(":")[0]
    detail = {name: value for name, value in event.detail.items() if value is not None}
    ground = written_rule(event.ground) if event.ground else None
    return EventView(id=event.id, at=event.at, event=event.kind, by=by, ground=ground, detail=detail)
