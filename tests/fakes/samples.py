"""
One full sample of everything the store keeps; each can be varied by its fields.
"""

from datetime import UTC, date, datetime, timedelta, timezone

from chalicelib.contracts.passages import DecisionReason, LaneKind
from chalicelib.domain.bookings import Booking, Status, Suspension
from chalicelib.domain.complaints import About, Complaint, ComplaintStatus, Effect, Ruling
from chalicelib.domain.counting import Count, FlowRecord, Promise
from chalicelib.domain.crossings import Crossings
from chalicelib.domain.driver_links import DriverLink, LinkToken
from chalicelib.domain.experience import Experience
from chalicelib.domain.measures import Measure, MeasureKind
from chalicelib.domain.money import DepositState, Due, LedgerAccount, Leg, Posting, Wallet
from chalicelib.domain.notices import Notification
from chalicelib.domain.pace import Turn
from chalicelib.domain.payment_links import PaymentLink
from chalicelib.domain.places import Place, PlaceState, Pool
from chalicelib.domain.plans import DayPlan, PlaceClass, Position
from chalicelib.domain.policies import PolicyRow
from chalicelib.domain.progress import Progress
from chalicelib.domain.records import (
    Account,
    BoardState,
    Challenge,
    Event,
    GatewayState,
    HoldCount,
    Load,
    OutboxMessage,
    Passage,
    Quota,
    RequestRecord,
    Session,
    Task,
)
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.site_notes import Chore, ChoreKind, Doubt, Guest, SiteNotes
from chalicelib.domain.vehicle_lists import Column, FaultCode, ListedRow, ListEntry, ListPart, ListStatus, RowFault, VehicleList
from chalicelib.domain.vehicles import Cargo, Category, MissRecord, Party, Trailer, Vehicle, VehicleLock
from tests.fakes import bank, cards, consents, settlements

ALMATY = timezone(timedelta(hours=5))
NOW = datetime(2026, 12, 1, 9, 30, 0, 123456, ALMATY)
DAY = date(2026, 12, 3)
HERE = "nur-zholy"
POSITION = Position(14, 7)
FOUND = (Answer("16", "vehicle", CheckResult.PASSED),)
"""The customs register has found the declaration (D13)."""


def booking(**changes):
    """
    A confirmed booking.
    """
    fields = {
        "id": "bk_1",
        "version": 1,
        "account": "acc_1",
        "status": Status.CONFIRMED,
        "class_": PlaceClass.GENERAL,
        "checkpoint": HERE,
        "toward": "CN",
        "created_at": NOW,
        "vehicle": Vehicle("KZ", "123 АВС 02", "XTA21099043125678", Category.TRUCK, "curtain"),
        "owner": Party("per_1", resident=True, kind="legal"),
        "drivers": (Party("per_2", resident=True), Party("per_3", resident=False)),
        "authorized_drivers": 2,
        "cargo": Cargo("perishable", ("080810", "080820"), exclusive=True, declaration_kind="transit", declaration_number="X1"),
        "trailer": Trailer("KZ", "45 ABC 02"),
        "checks": (Answer("1", "user", CheckResult.PASSED, date(2027, 1, 1), "OK", 12), Answer("3", "driver:0", CheckResult.LATER)),
        "verify_attempts": 1,
        "verified_at": NOW,
        "pool": Pool.PRIMARY,
        "day": DAY,
        "position": POSITION,
        "slot_start": datetime(2026, 12, 3, 14, 0, tzinfo=ALMATY),
        "slot_end": datetime(2026, 12, 3, 15, 0, tzinfo=ALMATY),
        "number": "NZH-261203-14-07",
        "due": Due(432500, 8650000, 0, 9082500),
        "deposit": DepositState.HELD,
        "reschedules_left": 1,
        "confirmed_at": NOW,
    }
    return Booking(**{**fields, **changes})


def notification(**changes):
    """
    A notice in a cabinet.
    """
    fields = {"account": "acc_1", "id": "20261201T043000123456.notify.bk_1", "at": NOW, "template": "topped_up", "booking": "bk_1"}
    return Notification(**{**fields, "figures": {"amount": 100, "none": None}, "keep_until": NOW + timedelta(days=1826), **changes})


def suspension():
    """
    Why a booking stands still.
    """
    return Suspension("27", "DEBT", "acc_1", NOW)


def place(**changes):
    """
    A held place.
    """
    fields = {
        "checkpoint": HERE,
        "day": DAY,
        "position": POSITION,
        "class_": PlaceClass.GENERAL,
        "state": PlaceState.HELD,
        "secondary": False,
        "sales": 0,
        "version": 1,
        "booking": "bk_1",
        "on_sale_from": NOW + timedelta(minutes=15),
        "hold_expires_at": NOW + timedelta(minutes=10),
    }
    return Place(**{**fields, **changes})


def event(**changes):
    """
    What happened to a booking.
    """
    fields = {"aggregate": "bk_1", "aggregate_version": 1, "checkpoint": HERE, "day": DAY, "kind": "held", "at": NOW, "by": "user"}
    fields = {**fields, "ground": "§22", "detail": {"fee": 432500, "slot": "14", "none": None}, **changes}
    id_ = f"{fields['checkpoint']}.{fields['day']}.{fields['aggregate']}.{fields['aggregate_version']:06d}"
    return Event(**{"id": id_, **fields})


def message(**changes):
    """
    What must follow a commit.
    """
    fields = {"id": "notify.bk_1.000001", "task": Task.NOTIFY, "aggregate": "bk_1", "aggregate_version": 1}
    fields = {**fields, "created_at": NOW, "due_at": NOW, "payload": {"booking": "bk_1", "minutes": 90, "none": None}}
    return OutboxMessage(**{**fields, **changes})


def posting(**changes):
    """
    A fee paid from the wallet.
    """
    legs = (Leg(LedgerAccount.WALLET_AVAILABLE, -432500), Leg(LedgerAccount.FEE_REVENUE, 432500))
    fields = {"id": "bk_1.fee", "wallet": "acc_1", "kind": "fee", "at": NOW, "day": DAY, "legs": legs, "checkpoint": HERE}
    return Posting(**{**fields, "booking": "bk_1", "place_class": "general", "reference": "pay_1", **changes})


def account(**changes):
    """
    An officer's account.
    """
    fields = {"id": "acc_1", "person": "per_1", "created_at": NOW, "version": 1, "roles": ("user", "officer"), "checkpoints": (HERE,)}
    return Account(**{**fields, "agreement_version": "1", "agreed_at": NOW, **changes})


def request(**changes):
    """
    An answer given.
    """
    fields = {"key": "acc_1#POST#/v1/bookings#k", "body_hash": "ab", "status": 202, "resource": "bk_1", "answer": "{}", "at": NOW}
    return RequestRecord(**{**fields, **changes})


def passage(**changes):
    """
    A plate read at the gate.
    """
    fields = {"checkpoint": HERE, "day": DAY, "journal": "jr_1", "sequence": 7, "at": NOW, "kind": "decision", "lane": "entry-1"}
    return Passage(**{**fields, "entry": "{}", "booking": "bk_1", "note": "late", **changes})


def notes(**changes):
    """
    A site's open questions.
    """
    doubt = Doubt("jr_1.7", "entry-1", LaneKind.ENTRY, NOW, NOW, DecisionReason.SIMILAR_PLATE, "123ABC02", "bk_1")
    fields = {"doubts": (doubt,), "guests": (Guest("bk_1", NOW),), "chores": (Chore(ChoreKind.NO_EXIT, "bk_1", NOW),)}
    return SiteNotes(**{"checkpoint": HERE, "version": 1, **fields, **changes})


def measure(**changes):
    """
    A closure that is being carried out.
    """
    fields = {"id": "ms_1", "checkpoint": HERE, "kind": MeasureKind.CLOSURE, "starts": NOW, "ends": NOW + timedelta(hours=5)}
    fields |= {"reason": "storm", "by": "acc_1", "at": NOW, "cursor": DAY, "due_at": NOW, "again_from": DAY, "counts": {"moved": 2}}
    return Measure(**{**fields, "source": "road service", "figures": {"per_day": 1}, **changes})


def vehicle_list(**changes):
    """
    A list that the postal operator sent.
    """
    fields = {"id": "lst_1", "version": 1, "status": ListStatus.SUBMITTED, "checkpoint": HERE, "class_": PlaceClass.PRIORITY_POST}
    fields = {**fields, "sender": "Қазпошта", "received_on": date(2026, 11, 20), "uploaded_at": NOW, "uploaded_by": "acc_1", "rows": 1}
    return VehicleList(**{**fields, "faults": 0, "parts": 1, "sha256": "ab", "sender_number": "000140002217", **changes})


def list_part(**changes):
    """
    Its one row, with something wrong.
    """
    row = ListedRow(2, ("123 ABC 02", "KZ", "", "2026-12-03", "", "", ""), "KZ#123ABC02", None, DAY)
    fault = RowFault(2, FaultCode.DUPLICATE, Column.PLATE, {"first": 1})
    return ListPart(**{"list": "lst_1", "number": 0, "rows": (row,), "faults": (fault,), **changes})


def list_entry(**changes):
    """
    The vehicle that it names for the booked day.
    """
    fields = {"vehicle": f"priority_post#{HERE}#KZ#123ABC02", "day": DAY, "list": "lst_1", "row": 2, "vin": None, "version": 1}
    return ListEntry(**{**fields, **changes})


def flow(**changes):
    """
    A flow with one of everything it remembers.
    """
    start = datetime(2026, 12, 1, 4, tzinfo=UTC)
    hour = timedelta(hours=1)
    fields = {
        "journal": "jr_1",
        "sequence": 7,
        "heard_upto": start + hour,
        "turns": (Turn(start, start + hour),),
        "fronts": (start,),
        "counts": (Count(start, start + hour, 12, 9, (3, 8)),),
        "promises": (Promise(start, 3, start + hour, 12.5, start, start + 2 * hour),),
        "promised_at": start,
        "experience": Experience(rates={"1-9": (9.0, 1.0)}, leads=(1.0, 2.0), errors={"3": (0.5, -1.0)}, levels={"3": 0.2}),
    }
    return FlowRecord(**{"checkpoint": HERE, "version": 1, **fields, **changes})


def complaint(**changes):
    """
    A complaint about a deposit, not decided yet.
    """
    fields = {"id": "cmp_1", "version": 1, "account": "acc_1", "about": About.DEPOSIT, "text": "per_7", "registered_at": NOW}
    return Complaint(**{**fields, "due_on": DAY, "booking": "bk_1", "against": "acc_9", **changes})


def everything():
    """
    One of each.
    """
    return [
        booking(),
        place(),
        DayPlan(HERE, DAY, 60, 0, ("ggp", "gge"), 2, 5, {"expedited": 1}, (1,), (30, 0), (0, 4320)),
        Crossings(HERE, DAY, 287, NOW),
        PolicyRow(HERE, "capacity", DAY, None, {"per_day": 300}, "acc_1", "D1", NOW, "pol_1", ("sun", "2027-01-01")),
        measure(),
        Load(HERE, DAY, 300, {"general": (12, 3)}, NOW, NOW + timedelta(hours=1), 1, sold=(2, 1)),
        VehicleLock("CN#plate#KZ#123ABC02", "bk_1", HERE, 1, NOW),
        MissRecord("plate#KZ#123ABC02", {"bk_0": date(2026, 11, 1)}, 1),
        HoldCount("account#acc_1", DAY, 1, "bk_1", NOW, paying=True, version=1),
        request(),
        event(),
        message(),
        posting(),
        Wallet("acc_1", 1, 2, 3, 1),
        *settlements.everything(),
        *bank.everything(),
        *cards.everything(),
        account(),
        complaint(ruling=Ruling(ComplaintStatus.UPHELD, "acc_8", NOW, "per_8", Effect.DEPOSIT_RELEASED), vehicle="KZ#1", case="blk_1"),
        Challenge("ch_1", "per_1", "ab", NOW, 5, used=False, version=1),
        Session("se_1", "acc_1", "ab", NOW, revoked=False, version=1),
        Quota("otp#ab", 3, NOW, 1),
        passage(),
        *consents.everything(),
        GatewayState(HERE, 1, "jr_1", 7, NOW, NOW, 3, "ab", NOW, 1, "[]"),
        BoardState(HERE, "{}", 1, "[]"),
        notes(),
        vehicle_list(),
        list_part(),
        list_entry(),
        flow(),
        notification(),
        DriverLink("bk_1#per_2", "bk_1", "per_2", 1, NOW, NOW),
        LinkToken("ab", "bk_1#per_2", 1, NOW),
        PaymentLink("bk_1", 1, NOW, NOW, "att_1"),
        Progress("follow_figures", "ab", "call#3 c", 7, 2, NOW, 1),
    ]


def utc(instant):
    """
    Spell an instant as the store gives it back.
    """
    return instant.astimezone(UTC)
