from chalicelib.api.languages import Language
from chalicelib.api.schemas.booking_views import SlotView
from chalicelib.api.schemas.notices import FollowedPlace, FollowedVehicle, FollowedView, NotificationPage, NotificationView
from chalicelib.domain.bookings import EXPECTED, Booking
from chalicelib.domain.driver_links import FOLLOWED
from chalicelib.domain.schedule import call_at, effective_leave_by, no_show_at
from chalicelib.jurisdictions import jurisdiction
from chalicelib.usecases.ports import Page
from chalicelib.usecases.read_bookings import BookingSeen
from chalicelib.usecases.read_notifications import NotificationSeen


def notification_page(page: Page[NotificationSeen], *, language: Language) -> NotificationPage:
    """
    Show notices in a list.
    """
    return NotificationPage(items=[notification_view(seen, language=language) for seen in page.items], next_cursor=page.next_cursor)


def notification_view(seen: NotificationSeen, *, language: Language) -> NotificationView:
    """
    Show a notice, worded now. One whose template is no more is told by its name.
    """
    told = seen.notification
    try:
        text = jurisdiction().notice(told.template, language.value, **seen.figures)
    except KeyError:
        text = told.template
    return NotificationView(
        id=told.id,
        at=told.at,
        template=told.template,
        text=text,
        booking=told.booking,
        unread=told.read_at is None,
        read_at=told.read_at,
    )


def followed_view(seen: BookingSeen) -> FollowedView:
    """
    Show a booking to whom its link was given.
    """
    booking = seen.booking
    place = jurisdiction().checkpoints[booking.checkpoint]
    vehicle, trailer = booking.vehicle, booking.trailer
    expected = booking.status in EXPECTED and booking.slot_start is not None
    return FollowedView(
        at=seen.now,
        number=booking.number,
        status=booking.status_at(seen.now, seen.rules),
        suspended=booking.suspended is not None,
        checkpoint=FollowedPlace(
            id=place.id,
            names={language: place.names[language] for language in jurisdiction().languages},
            has_waiting_area=place.has_waiting_area,
        ),
        vehicle=FollowedVehicle(country=vehicle.country, plate=vehicle.plate, trailer=trailer.plate if trailer is not None else None),
        slot=_slot(booking),
        call_at=call_at(booking, seen.rules) if expected and booking.called_at is None else None,
        called_at=booking.called_at,
        arrived_at=booking.arrived_at,
        expected_at=seen.expected_at if expected else None,
        queue_position=seen.queue_position if expected else None,
        leave_by=effective_leave_by(booking) if expected and booking.left_area_at is None else None,
        valid_until=no_show_at(booking, seen.rules) if expected else None,
        admitted_at=booking.admitted_at,
        ended_at=booking.ended_at,
        has_pass=booking.status in FOLLOWED,
    )


def _slot(booking: Booking) -> SlotView | None:
    if booking.slot_start is None or booking.slot_end is None:
        return None
    return SlotView(start=booking.slot_start, end=booking.slot_end)
