"""
Small builders of values that tests vary: plates, vehicles, applications, requests, journal entries.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.contracts.passages import (
    Action,
    CommandResult,
    Decision,
    DecisionReason,
    EntryKind,
    Heartbeat,
    JournalBatch,
    JournalEntry,
    LaneKind,
    Reading,
)
from chalicelib.domain.blocks import Block, Evidence, EvidenceKind
from chalicelib.domain.bookings import Status
from chalicelib.domain.money import DepositState
from chalicelib.domain.plans import DayPlan, PlaceClass
from chalicelib.domain.vehicles import Cargo, Category, Vehicle
from chalicelib.usecases.outcomes import IdempotentRequest
from chalicelib.usecases.request_booking import Application, Person
from tests.fakes import samples
from tests.fakes.samples import DAY, HERE, NOW

SLOT = datetime(2026, 12, 3, 14, 0, tzinfo=samples.ALMATY)
LANES = {
    "wa-in": (LaneKind.WAITING_AREA_ENTRY, Action.ARRIVED),
    "wa-out": (LaneKind.WAITING_AREA_EXIT, Action.DEPARTED),
    "entry-1": (LaneKind.ENTRY, Action.OPEN),
    "exit-1": (LaneKind.EXIT, Action.OPEN),
}


def vehicle(number=1, **changes):
    """
    A truck of its own: plate and VIN come from a number.
    """
    fields = {
        "country": "KZ",
        "plate": f"{number:03d} ABC 02",
        "vin": f"WDB9634031L{number:06d}",
        "category": Category.TRUCK,
        "body": "box",
    }
    return Vehicle(**{**fields, **changes})


def verified(number=1, **changes):
    """
    An application that has just passed, of truck and account `number`.
    """
    fields = {
        "id": f"bk_{number}",
        "account": f"acc_{number}",
        "status": Status.VERIFIED,
        "vehicle": vehicle(number),
        "verified_at": NOW,
        "deposit": DepositState.NONE,
        "reschedules_left": 0,
        **dict.fromkeys(("pool", "day", "position", "slot_start", "slot_end", "number", "due", "confirmed_at")),
    }
    return samples.booking(**{**fields, **changes})


def plan(day=DAY, *, rows=("gg",) * 24, checkpoint=HERE):
    """
    A day of hours from midnight, two general places each.
    """
    return DayPlan(checkpoint, day, 60, 0, tuple(rows))


def request(key="k", body="b"):
    """
    A request under an idempotency key.
    """
    return IdempotentRequest(f"acc#POST#/v1/x#{key}", body)


def person(**fields):
    """
    A resident with a name and a phone.
    """
    return Person(resident=True, kind="natural", fields={"name": "Асқар Серіков", "iin": "880101300123", "phone": "+77011234567", **fields})


def application(**changes):
    """
    A whole form of a general place.
    """
    fields = {
        "checkpoint": HERE,
        "class_": PlaceClass.GENERAL,
        "vehicle": vehicle(),
        "trailer": None,
        "owner": person(),
        "drivers": (person(),),
        "authorized_drivers": 1,
        "cargo": Cargo("general"),
        "consent": True,
        "language": "ru",
    }
    return Application(**{**fields, **changes})


def seen(sequence, lane, booking, *, at, action=None, reason=DecisionReason.MATCH):
    """
    A gateway's journal entry: a lane's camera saw a booking's vehicle.
    """
    kind, usual = LANES[lane]
    decision = Decision(action or usual, reason, booking=booking)
    return JournalEntry(sequence, at, EntryKind.PASSAGE, lane, kind, f"f{sequence}", (Reading("001ABC02", "KZ", 0.99),), decision)


def commanded(sequence, lane, booking, *, at, result="done", author="acc_o"):
    """
    A gateway's journal entry: an officer's command was carried out, or was not.
    """
    entry = seen(sequence, lane, booking, at=at, reason=DecisionReason.OFFICER_CONFIRMED)
    return replace(entry, kind=EntryKind.COMMAND, command=CommandResult("cmd_1", result, author=author))


def batch(*entries, journal="jr_1"):
    """
    Entries of a journal.
    """
    return JournalBatch(journal, entries)


def beat(at, *, last=0, journal="jr_1"):
    """
    A heartbeat.
    """
    return Heartbeat(journal, last, at, admissions_version=1)


def minutes(number):
    """
    Spell minutes.
    """
    return timedelta(minutes=number)


def block(**changes):
    """
    A block for false data that stands.
    """
    evidence = (Evidence(EvidenceKind.CHECK, booking="bk_1", source="2"),)
    fields = {"id": "blk_1", "since": NOW, "by": "acc_9", "reason": "VIN принадлежит другому ТС", "evidence": evidence}
    return Block(**{**fields, **changes})
