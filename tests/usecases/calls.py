"""
Short words for tests of calling: the steps run, vehicles seen, drivers ready.
"""

from chalicelib.domain.schedule import Step
from chalicelib.usecases.run_step import RunStep
from chalicelib.usecases.run_together import RunTogether
from tests import factories
from tests.factories import SLOT, batch, beat, minutes, seen
from tests.fakes.samples import HERE

CALL = SLOT - minutes(150)
WIDE = factories.plan(rows=["gggggggggggggggg"] * 24)
"""Sixteen places an hour."""


def run_calls(office):
    """
    Run the calling step as the wiring does, then look at who is ready: the ids called, in order.
    """
    planned = []
    step = RunStep(office.store.bookings, office.clock)
    together = RunTogether(office.store, step)

    def plan(booking):
        writes = office.calling.calling(booking)
        planned.extend([booking.id] if writes else [])
        return writes

    together(Step.REMIND, office.time.reminding)
    together(Step.RECHECK, office.recheck.rechecking, behind=Step.EARLY)
    together(Step.CALL, plan, ordered=office.calling.ordered, behind=Step.RECHECK)
    office.calling.ready(bookings=step.due(Step.EARLY)[0])
    return [booking for booking in planned if office.booking(booking).called_at == office.clock.now()]


def in_area(office, *bookings, at=None):
    """
    Let the waiting area's camera see some vehicles, and the gate be heard.
    """
    sequence = office.store.passages.gateway(HERE).stored_upto
    for number, booking in enumerate(bookings, 1):
        entry = seen(sequence + number, "wa-in", booking, at=at or office.clock.now())
        office.journal.batch(checkpoint=HERE, batch=batch(entry))
    hear(office)


def hear(office):
    """
    A heartbeat of now.
    """
    last = office.store.passages.gateway(HERE).stored_upto
    office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(office.clock.now(), last=last))


def ready(office, booking, *, key=None):
    """
    Say ready.
    """
    account = office.booking(booking).account
    return office.ready(account=account, booking=booking, request=factories.request(key or f"ready-{booking}"))
