"""
Short words for tests of calling: the steps run, vehicles seen, drivers ready.
"""

from chalicelib.domain.schedule import Step
from chalicelib.usecases.run_step import RunStep
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
    called = []
    step = RunStep(office.store.bookings, office.clock)
    for due in (Step.REMIND,):
        step(due, lambda id_: office.time.remind(booking=id_))
    step(Step.RECHECK, lambda id_: office.recheck(booking=id_), behind=Step.EARLY)
    step(Step.CALL, lambda id_: office.calling(booking=id_) and called.append(id_), ordered=office.calling.ordered, behind=Step.RECHECK)
    office.calling.ready(bookings=step.due(Step.EARLY)[0])
    return called


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
