"""
A paid booking takes another place: at its user's wish (§28, D14), or because something befell it through no fault of his (D21).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.bookings import EXPECTED, Booking, Happening
from chalicelib.domain.decisions import Allowed, Code, Decision, Refused
from chalicelib.domain.fees import Tariff
from chalicelib.domain.money import Due
from chalicelib.domain.places import Place, Pool
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import call_at
from chalicelib.domain.standing import standing_still


def may_reschedule(booking: Booking, *, now: datetime, rules: Rules) -> Decision:
    """
    Test that a booking may still take another time: paid, not suspended, and not called; it closes when the call is due (§34, D14, D16).
    """
    if booking.status not in EXPECTED or booking.slot_start is None:
        return Refused.because(Code.NOT_CHANGEABLE, "28", status=booking.status.value)
    if booking.suspended is not None:
        return standing_still(booking.suspended)
    if booking.called_at is not None or call_at(booking, rules) <= now:
        lead = rules.call_lead(rules.today(booking.slot_start))
        return Refused.because(Code.TOO_LATE, "34", minutes=int(lead.total_seconds() // 60))
    return Allowed()


def may_choose(booking: Booking) -> Decision:
    """
    Test that the user has the choice of D21: until admission, after something befell the booking through no fault of his own.
    """
    if booking.status not in EXPECTED:
        return Refused.because(Code.NOT_CHANGEABLE, "D21", status=booking.status.value)
    if booking.suspended is not None:
        return standing_still(booking.suspended)
    return Allowed() if booking.excuse is not None else Refused.because(Code.NOT_EXCUSED, "D21")


def class_after(booking: Booking) -> PlaceClass:
    """
    Give the class of the place that a reschedule looks for: the same one, for a secondary place a primary general one (D14).
    """
    return PlaceClass.GENERAL if booking.pool is Pool.SECONDARY else booking.class_


@dataclass(frozen=True, slots=True)
class Price:
    """
    What a move costs, in tiyn, and whether it uses up the one free of charge (§28).
    """

    fee: int
    uses_free: bool


FREE_OF_CHARGE: Final = Price(0, uses_free=False)
"""What a choice after D21 costs."""


def price_of(booking: Booking, *, tariff: Tariff | None) -> Price | Refused:
    """
    Price a reschedule: nothing while the free one is left, else the fee in force of the place it looks for (§28, D14).
    """
    if booking.reschedules_left > 0:
        return Price(0, uses_free=True)
    if tariff is None:
        return Refused.because(Code.FEE_UNKNOWN, "25")
    return Price(tariff.fee(class_after(booking), Pool.PRIMARY), uses_free=False)


@dataclass(frozen=True, slots=True)
class Berth:
    """
    Where a move leads: the place as sold, its slot, its number, the class it is served in, and what was ordered for its interval (D21).
    """

    place: Place
    start: datetime
    end: datetime
    number: str
    class_: PlaceClass
    listed: str | None = None
    term: tuple[int, datetime | None] = (0, None)


def moved(booking: Booking, berth: Berth, *, happening: Happening, price: Price, now: datetime, rules: Rules) -> Booking:
    """
    Bind a booking to its new place: a new number (D7), a new call; the notice of arrival comes anew when the slot is farther than it (§29).

    An excuse is used up: what befell the old place does not concern the new one.
    """
    again = berth.start - now > rules.notice_before
    return booking.after(
        happening,
        checkpoint=berth.place.checkpoint,
        class_=berth.class_,
        pool=Pool.PRIMARY,
        day=berth.place.day,
        position=berth.place.position,
        slot_start=berth.start,
        slot_end=berth.end,
        number=berth.number,
        due=_grown(booking.due, price.fee),
        reschedules_left=booking.reschedules_left - (1 if price.uses_free else 0),
        reminded_at=None if again else booking.reminded_at,
        called_at=None,
        leave_by=None,
        ready_at=None,
        annul_not_before=None,
        rechecked_at=None,
        recheck_attempts=0,
        shift_minutes=berth.term[0],
        valid_until=berth.term[1],
        excuse=None,
        demoted=False,
        listed=berth.listed,
        arrived_at=None if happening is Happening.RELOCATED else booking.arrived_at,
        left_area_at=None,
    )


def relocation(booking: Booking, *, checkpoint: str) -> Happening:
    """
    Name a choice's move: a vehicle that stands in the waiting area of the same checkpoint has arrived still (D17).
    """
    stays = checkpoint == booking.checkpoint and booking.arrived_at is not None and booking.left_area_at is None
    return Happening.RELOCATED_IN_AREA if stays else Happening.RELOCATED


def _grown(due: Due | None, fee: int) -> Due | None:
    return due if due is None or not fee else replace(due, fee=due.fee + fee, from_wallet=due.from_wallet + fee)
