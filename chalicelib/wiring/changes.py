"""
The use cases that change a paid booking, with their ports.
"""

from chalicelib.usecases.change_class import ChangeClass
from chalicelib.usecases.change_drivers import ChangeDrivers
from chalicelib.usecases.change_trailer import ChangeTrailer
from chalicelib.usecases.correct_plate import CorrectPlate
from chalicelib.usecases.moving import Moving
from chalicelib.usecases.relocate_booking import RelocateBooking
from chalicelib.usecases.reschedule_booking import RescheduleBooking
from chalicelib.usecases.verify_change import VerifyChange
from chalicelib.wiring.consents import gather_proofs, start_consents
from chalicelib.wiring.lists import prove_ground
from chalicelib.wiring.outside import law, once, parts
from chalicelib.wiring.users import ask_registers, inapplicable, sources, toward


@once
def moving() -> Moving:
    """
    D14, D21: from place to place.
    """

    def code_of(checkpoint: str) -> str:
        return law().checkpoints[checkpoint].code

    return Moving(**parts("committer", "places", "locks", "ledger", "chance"), code_of=code_of)


@once
def relocate_booking() -> RelocateBooking:
    """
    D21.
    """
    return RelocateBooking(**parts("bookings", "requests", "clock", "rules_on"), toward=toward, moving=moving())


@once
def reschedule_booking() -> RescheduleBooking:
    """
    §28, D14.
    """
    names = ("bookings", "accounts", "requests", "clock", "rules_on", "tariff_on")
    return RescheduleBooking(**parts(*names), moving=moving(), ground=prove_ground(), choose=relocate_booking())


@once
def verify_change() -> VerifyChange:
    """
    §19, D15.
    """
    return VerifyChange(ask=ask_registers(), sources=sources, inapplicable=inapplicable)


@once
def change_drivers() -> ChangeDrivers:
    """
    §16.2, D15.
    """
    names = ("committer", "bookings", "accounts", "ledger", "requests", "people", "clock", "chance", "rules_on")
    return ChangeDrivers(**parts(*names), verify=verify_change(), consents=start_consents(), proofs=gather_proofs())


@once
def change_trailer() -> ChangeTrailer:
    """
    D15.
    """
    names = ("committer", "bookings", "accounts", "ledger", "requests", "clock", "rules_on")
    return ChangeTrailer(**parts(*names), verify=verify_change())


@once
def correct_plate() -> CorrectPlate:
    """
    D15.
    """
    names = ("committer", "bookings", "accounts", "locks", "ledger", "requests", "clock", "rules_on")
    return CorrectPlate(**parts(*names), verify=verify_change(), home=lambda: law().country)


@once
def change_class() -> ChangeClass:
    """
    D13.
    """
    return ChangeClass(**parts("committer", "bookings", "requests", "clock", "rules_on"))
