"""
The steps over due bookings, each with what it does to one of them.
"""

from chalicelib.domain.schedule import Step
from chalicelib.usecases.bonds import bound_to
from chalicelib.usecases.run_step import Ran
from chalicelib.wiring.orders import end_stranded
from chalicelib.wiring.sanctions import follow_standing
from chalicelib.wiring.site import annul_no_show, call_vehicle, confirm_crossing, keep_time, run_step, run_together
from chalicelib.wiring.users import recheck_booking, verify_booking


def verify_due() -> Ran:
    """
    Ask silent registers again (D11).
    """
    return run_step()(Step.VERIFY, lambda booking: verify_booking()(booking=booking))


def recheck_due() -> Ran:
    """
    Ask registers again before and after a trip (D11).
    """
    return run_together().of_many(Step.RECHECK, recheck_booking().rechecking_many, behind=Step.EARLY)


def tidy_due() -> Ran:
    """
    Write down what ran out (D11, D32).
    """
    return run_together().of_many(Step.TIDY, keep_time().tidying, bound=bound_to)


def remind_due() -> Ran:
    """
    Give the notice of arrival (§29).
    """
    return run_together()(Step.REMIND, keep_time().reminding)


def call_due() -> Ran:
    """
    Call vehicles (§34).
    """
    return run_together()(Step.CALL, call_vehicle().calling, ordered=call_vehicle().ordered, behind=Step.RECHECK)


def early_due() -> Ran:
    """
    Call the ready where the gate has room, and those of them whose time has come (§31, D17).
    """
    found, more = run_step().due(Step.EARLY)
    return Ran(len(found), call_vehicle().ready(bookings=found), more)


def crossing_due() -> Ran:
    """
    Ask the state register about those who were admitted and not seen to leave (§28, D19).
    """
    return run_step()(Step.CROSSING, lambda booking: confirm_crossing()(booking=booking))


def annul_due() -> Ran:
    """
    Annul no-shows (§35).
    """
    return run_together().of_many(Step.ANNUL, annul_no_show().annulling, behind=Step.RECHECK, bound=bound_to)


def lapse_due() -> Ran:
    """
    Close what suspended bookings waited for (D22, D28), and stranded ones that nobody chose for (D21).
    """
    return run_step()(Step.LAPSE, lambda booking: end_stranded()(booking=booking) or follow_standing().lapse(booking=booking))
