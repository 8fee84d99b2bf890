"""
Whether a called vehicle that was not seen is a no-show: every condition of D18, in the order in which they are asked (§28, §35).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.contracts.passages import DeviceHealth, LaneKind
from chalicelib.domain.bookings import Booking
from chalicelib.domain.plans import DayPlan
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import no_show_at
from chalicelib.domain.site_notes import SiteNotes, doubt_about, ways

A_MINUTE: Final = timedelta(minutes=1)
LONGEST_LOOK: Final = timedelta(hours=6)
CAMERA: Final = "camera"
READER: Final = "plate_reader"


class Judgment(StrEnum):
    """
    What is to be done with a called vehicle whose moment has come.
    """

    WAIT = "wait"
    ANNUL = "annul"
    ASK = "ask"
    """The gate told nothing for a day: the state register is asked (17-2); an officer may still decide; else everything goes back."""


class Why(StrEnum):
    """
    What speaks against annulling it yet, or why the register is asked.
    """

    CLOSED = "closed"
    GATE_LATE = "gate_late"
    NOT_REPORTED = "not_reported"
    UNREADABLE = "unreadable"
    BLIND = "blind"
    SEEN_AT_GATE = "seen_at_gate"


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    What is known of the site: how far its gateway has reported, what nobody could tell there, how late the gate itself runs for this vehicle.

    `turn_at` is since when nobody stands before it at the gate, `closed_until` the end of the last closure that began before now and after
    its interval: a closure moves the bookings of its own hours (D21), and keeps out who still had time then. `blind`: lanes whose camera does not
    answer.
    """

    reported_upto: datetime | None
    notes: SiteNotes
    late_by: timedelta = timedelta()
    turn_at: datetime | None = None
    closed_until: datetime | None = None
    blind: frozenset[LaneKind] = frozenset()


@dataclass(frozen=True, slots=True)
class Ruling:
    """
    A judgment, why, and when to look again where it is to wait.
    """

    judgment: Judgment
    why: Why | None = None
    look_at: datetime | None = None


Test = Callable[[Booking, Evidence, datetime, Rules], Ruling | None]


def judge_no_show(booking: Booking, evidence: Evidence, *, now: datetime, rules: Rules) -> Ruling:
    """
    Ask the conditions one after another; the first that speaks against it decides, and nobody at a cut-off checkpoint is annulled (D18).
    """
    for test in TESTS:
        ruling = test(booking, evidence, now, rules)
        if ruling is not None:
            return ruling
    return Ruling(Judgment.ANNUL)


def closed_until(plans: Sequence[DayPlan], *, since: datetime, now: datetime, rules: Rules) -> datetime | None:
    """
    Tell when the last closure ends that has begun by now and lasted past a moment; none where there was none.
    """
    until: datetime | None = None
    for start, end in sorted(plan.slot(interval, rules) for plan in plans for interval in plan.closed):
        if start < end and since < end and (start <= now or start == until):
            until = end
    return until


def _open(_: Booking, evidence: Evidence, now: datetime, rules: Rules) -> Ruling | None:
    """
    Nobody reaches a gate that is closed: an hour to do so begins when it opens (D18, D21).
    """
    if evidence.closed_until is None:
        return None
    moment = evidence.closed_until + rules.reach_gate_within
    return Ruling(Judgment.WAIT, Why.CLOSED, moment) if now < moment else None


def _gate_in_time(booking: Booking, evidence: Evidence, now: datetime, rules: Rules) -> Ruling | None:
    """
    Whoever stands in the gate's own queue, or waits behind it, is not late himself (D16).
    """
    if booking.arrived_at is None:
        return None
    late = min(evidence.late_by, rules.gateway_silent_at_most)
    moment = no_show_at(booking, rules) + late
    if evidence.turn_at is not None:
        moment = max(moment, evidence.turn_at + rules.reach_gate_within)
    return Ruling(Judgment.WAIT, Why.GATE_LATE, moment) if now < moment else None


def _reported(booking: Booking, evidence: Evidence, now: datetime, rules: Rules) -> Ruling | None:
    moment, known = no_show_at(booking, rules), evidence.reported_upto
    if known is not None and known >= moment:
        return None
    heard = max(filter(None, (known, booking.called_at)), default=moment)
    return _waiting(Why.NOT_REPORTED, moment, heard + rules.gateway_silent_at_most, now)


def _told(booking: Booking, evidence: Evidence, now: datetime, rules: Rules) -> Ruling | None:
    doubt = doubt_about(booking, evidence.notes)
    if doubt is None:
        return None
    moment = no_show_at(booking, rules)
    if doubt.booking is not None:
        return Ruling(Judgment.WAIT, Why.SEEN_AT_GATE, _next_look(moment, now))
    return _waiting(Why.UNREADABLE, moment, max(moment, doubt.until) + rules.gateway_silent_at_most, now)


def _watched(booking: Booking, evidence: Evidence, now: datetime, rules: Rules) -> Ruling | None:
    """
    Who stands alone before a camera that shows nothing leaves no passage at all: a lane it had to take and nobody watches speaks against it.
    """
    if not evidence.blind & ways(booking):
        return None
    moment = no_show_at(booking, rules)
    return _waiting(Why.BLIND, moment, moment + rules.gateway_silent_at_most, now)


def blind_lanes(devices: Sequence[DeviceHealth], *, kind_of: Callable[[str], LaneKind | None]) -> frozenset[LaneKind]:
    """
    Name the kinds of lanes that a site's cameras do not show now; without its plate reader it reads none.
    """
    blind = [each for each in devices if is_blind(each)]
    if any(each.kind == READER for each in blind):
        return frozenset(LaneKind)
    found = (kind_of(each.lane) for each in blind if each.lane)
    return frozenset(kind for kind in found if kind is not None)


def is_blind(device: DeviceHealth) -> bool:
    """
    Tell a camera, or the reader of all of them, that shows nothing.
    """
    return device.kind in {CAMERA, READER} and not device.ok


def _waiting(why: Why, moment: datetime, given_up_at: datetime, now: datetime) -> Ruling:
    if now >= max(moment, given_up_at):
        return Ruling(Judgment.ASK, why)
    return Ruling(Judgment.WAIT, why, min(_next_look(moment, now), max(moment, given_up_at)))


def _next_look(moment: datetime, now: datetime) -> datetime:
    """
    Look again ever later: after a minute, then after as long as it has lasted.
    """
    return now + min(LONGEST_LOOK, max(A_MINUTE, now - moment))


TESTS: Final[tuple[Test, ...]] = (_open, _gate_in_time, _reported, _told, _watched)
