"""
Who drives: drivers may be added, replaced or taken off within the number declared, until admission (§16.2, §36, D15).
"""

from dataclasses import dataclass, replace

from chalicelib.domain.bookings import EXPECTED, Booking
from chalicelib.domain.decisions import Allowed, Code, Decision, Refused
from chalicelib.domain.registers import Answer
from chalicelib.domain.standing import standing_still
from chalicelib.domain.vehicles import Party


@dataclass(frozen=True, slots=True)
class CrewChange:
    """
    One change of the drivers: without `index` a driver comes, without `driver` one goes, with both one takes another's seat.
    """

    index: int | None
    driver: Party | None


def may_change(booking: Booking, *, rule: str) -> Decision:
    """
    Test that a booking's data may still be changed: paid, not admitted, not suspended (D15, D22).
    """
    if booking.status not in EXPECTED:
        return Refused.because(Code.NOT_CHANGEABLE, rule, status=booking.status.value)
    if booking.suspended is not None:
        return standing_still(booking.suspended)
    return Allowed()


def may_change_crew(booking: Booking, change: CrewChange, *, same_person: bool) -> Decision:
    """
    Test one change: within the declared number, never without a driver, and never without the one as whom the account's holder applied (§3).

    `same_person`: who comes is who goes, with other papers.
    """
    if change.index is None and len(booking.drivers) >= booking.authorized_drivers:
        return Refused.because(Code.TOO_MANY_DRIVERS, "16", limit=booking.authorized_drivers)
    if change.driver is None and len(booking.drivers) == 1:
        return Refused.because(Code.LAST_DRIVER, "16")
    if change.index is not None and booking.acts_as == _seat(change.index) and not same_person:
        return Refused.because(Code.NOT_OWNER_OR_DRIVER, "3")
    return Allowed()


@dataclass(frozen=True, slots=True)
class Crew:
    """
    The drivers after a change, the seat of whom the holder applied as, the checks that still speak of them, and who came and went.
    """

    drivers: tuple[Party, ...]
    acts_as: str
    checks: tuple[Answer, ...]
    came: str | None
    gone: str | None


def changed_crew(booking: Booking, change: CrewChange) -> Crew:
    """
    Seat the drivers anew: whoever sat behind one that goes moves up, and his checks with him; the checks of who went are dropped.
    """
    drivers, gone = list(booking.drivers), None
    if change.index is None:
        drivers.append(change.driver) if change.driver else None
    else:
        gone = drivers[change.index].person
        drivers[change.index : change.index + 1] = [change.driver] if change.driver else []
    last = len(drivers) - 1
    came = None if change.driver is None else _seat(last if change.index is None else change.index)
    seats = {_seat(index): _seat(_seated(index, change)) for index in range(len(booking.drivers)) if index != change.index}
    return Crew(
        drivers=tuple(drivers),
        acts_as=seats.get(booking.acts_as, booking.acts_as),
        checks=tuple(
            replace(answer, subject=seats.get(answer.subject, answer.subject))
            for answer in booking.checks
            if change.index is None or answer.subject != _seat(change.index)
        ),
        came=came,
        gone=gone,
    )


def _seated(index: int, change: CrewChange) -> int:
    return index - 1 if change.driver is None and change.index is not None and index > change.index else index


def _seat(index: int) -> str:
    return f"driver:{index}"
