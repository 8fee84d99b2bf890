"""
Every journey of the Order with the state it starts from: what a client, a gateway, an officer or a step does, and does again until it is answered.
"""

from chalicelib.contracts.passages import LaneKind
from chalicelib.domain.complaints import About
from chalicelib.domain.decisions import Refused
from chalicelib.domain.measures import MeasureKind
from chalicelib.usecases.block_account import Charge
from chalicelib.usecases.decide_complaint import Verdict
from chalicelib.usecases.make_complaint import Grievance
from chalicelib.usecases.ports import Write
from chalicelib.usecases.register_passage import Told, Word
from tests import factories
from tests.factories import SLOT, batch, beat, minutes, seen
from tests.fakes import samples
from tests.fakes.authority import capacity, closure
from tests.fakes.desk import Desk
from tests.fakes.office import AGREEMENT, DEPOSIT, FEE
from tests.fakes.samples import DAY, HERE
from tests.fakes.sanctions import DOCUMENT, HEAD, REGISTRAR

CALL = SLOT - minutes(150)
MISSED = SLOT + minutes(120)
NEXT = DAY.replace(day=DAY.day + 1)
ROWS = [("001 ABC 02", DAY), ("002 ABC 02", NEXT)]


def again(step, times=3):
    """
    Run a step as its cadence does, once more after it was done.
    """
    for _ in range(times):
        step()
    return True


# -- what is there before


def an_account(office):
    office.store.commit(Write(samples.account(agreement_version=AGREEMENT)))


def an_application(office):
    an_account(office)
    apply(office)


def a_called_one(office):
    office.confirmed()
    office.clock.move_to(CALL)
    office.time.remind(booking="bk_1")
    office.time.call(booking="bk_1")


def one_in_the_area(office):
    office.confirmed()
    office.clock.move_to(CALL - minutes(30))
    office.time.remind(booking="bk_1")
    pass_by(office, 1, "wa-in", CALL - minutes(40))


def a_ready_one(office):
    one_in_the_area(office)
    office.recheck(booking="bk_1")
    say_ready(office)
    office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(office.clock.now(), last=1))


def one_inside(office):
    a_called_one(office)
    office.clock.move_to(SLOT)
    pass_by(office, 1, "entry-1", SLOT)


def a_missed_call(office):
    office.cancel_for(office.confirmed(9, vehicle=factories.vehicle(1)))
    a_called_one(office)
    office.clock.move_to(MISSED)
    office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(MISSED))


def a_full_hour(office):
    office.open(factories.plan(NEXT))
    for number in (1, 2):
        office.confirmed(number)


def people_with_a_booking(office):
    office.people_of(1)
    office.confirmed()


def a_blocked_account(office):
    people_with_a_booking(office)
    block(office)


def a_complaint(office):
    a_blocked_account(office)
    complain(office)


def a_paid_card(office):
    office.people_of(1)
    office.paid_by_card(1)


def a_list(office):
    Desk(office).send(*ROWS)


def an_approved_list(office):
    a_list(office)
    approve(office)


# -- what is done


def apply(office):
    return office.request(account="acc_1", application=factories.application(), request=factories.request("apply"))


def verify(office):
    (applied,) = office.store.bookings.of_account("acc_1", limit=2, cursor=None).items
    return again(lambda: office.verify(booking=applied.id))


def pass_by(office, sequence, lane, at):
    office.journal.batch(checkpoint=HERE, batch=batch(seen(sequence, lane, "bk_1", at=at)))
    return True


def drive_through(office):
    moments = {"wa-in": CALL + minutes(30), "wa-out": SLOT - minutes(20), "entry-1": SLOT, "exit-1": SLOT + minutes(50)}
    entries = [seen(number, lane, "bk_1", at=at) for number, (lane, at) in enumerate(moments.items(), start=1)]
    office.journal.batch(checkpoint=HERE, batch=batch(*entries))
    return True


def register(told):
    lane, kind = ("exit-1", LaneKind.EXIT) if told is Told.CROSSED else ("entry-1", LaneKind.ENTRY)

    def act(office):
        word = Word(HERE, lane, kind, office.clock.now(), told, "seen", booking="bk_1")
        return office.register(officer="acc_officer", word=word, request=factories.request("word"))

    return act


def say_ready(office):
    return office.ready(account="acc_1", booking="bk_1", request=factories.request("ready"))


def cancel_as_previewed(office):
    told = office.cancel.preview(account="acc_1", booking="bk_1")
    done = office.cancel_for("bk_1")
    assert isinstance(told, Refused) or told == done
    return done


def order(what):
    def act(office):
        done = office.order(officer="acc_officer", order=what, request=factories.request("order"))
        office.carried_out()
        return done

    return act


def followed(office, done):
    """
    Let the booking follow its account's standing, as the outbox has it do.
    """
    again(lambda: office.follow(booking="bk_1"))
    return done


def block(office):
    charge = Charge("VIN принадлежит другому ТС", (DOCUMENT,), ("bk_1",))
    done = office.blocking.block(registrar=REGISTRAR, account="acc_1", charge=charge, request=factories.request("block"))
    return followed(office, done)


def complain(office):
    grievance = Grievance(About.BLOCK, "Прошу пересмотреть", None, None)
    return office.complain(account="acc_1", grievance=grievance, request=factories.request("complain"))


def decide(*, upheld):
    def act(office):
        (complaint,) = office.store.complaints.of_account("acc_1", limit=2, cursor=None).items
        verdict = Verdict(upheld, "По результатам проверки", None, None)
        return followed(
            office, office.decide_complaint(head=HEAD, complaint=complaint.id, verdict=verdict, request=factories.request("decide"))
        )

    return act


def dispute(office):
    return followed(office, office.disputed(office.booking("bk_1").attempt, FEE + DEPOSIT))


def approve(office):
    (list_,) = office.store.vehicle_lists.of_checkpoint(HERE, status=None, limit=2, cursor=None).items
    return Desk(office).approve(list_.id)


JOURNEYS = {
    "application": (an_account, apply),
    "verification": (an_application, verify),
    "reminder": (lambda office: (office.confirmed(), office.clock.move_to(CALL)), lambda o: again(lambda: o.time.remind(booking="bk_1"))),
    "call": (one_in_the_area, lambda o: (o.clock.move_to(CALL), again(lambda: o.calling(booking="bk_1")))[1]),
    "ready": (one_in_the_area, say_ready),
    "call of the ready": (a_ready_one, lambda office: again(lambda: office.calling.ready(bookings=["bk_1"]))),
    "no-show": (a_missed_call, lambda office: again(lambda: office.time.annul(booking="bk_1"))),
    "arrive, enter, cross": (a_called_one, drive_through),
    "registered entry": (a_called_one, register(Told.ADMITTED)),
    "registered crossing": (one_inside, register(Told.CROSSED)),
    "turned back": (one_inside, register(Told.RETURNED)),
    "cancel with preview": (lambda office: office.confirmed(), cancel_as_previewed),
    "more capacity": (a_full_hour, order(capacity(60))),
    "less capacity": (a_full_hour, order(capacity(1))),
    "closure": (a_full_hour, order(closure(14, 15))),
    "delay": (a_full_hour, order(closure(14, 15, kind=MeasureKind.DELAY, minutes=90))),
    "extension": (a_full_hour, order(closure(14, 15, kind=MeasureKind.EXTENSION, minutes=90))),
    "block": (people_with_a_booking, block),
    "complaint": (a_blocked_account, complain),
    "complaint upheld": (a_complaint, decide(upheld=True)),
    "complaint dismissed": (a_complaint, decide(upheld=False)),
    "debt": (a_paid_card, dispute),
    "list": (lambda office: None, lambda office: Desk(office).send(*ROWS)),
    "approval": (a_list, approve),
    "entries": (an_approved_list, lambda office: again(lambda: Desk(office).deliver())),
}
