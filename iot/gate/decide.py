"""
The gate's decision on one frame, as a pure function (D17, D23, D24): what the lane's camera shows, whom the gate expects, and how things stand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.contracts.admissions import AdmissionStatus
from chalicelib.contracts.passages import Action, Decision, DecisionReason, LaneKind, Reading
from iot.gate.matching import Doubt, Fit, Match, match
from iot.gate.roll import Expected, Fact, Roll

NOT_A_PICTURE = "NOT_A_PICTURE"

_NO_FIT = {
    Fit.UNREADABLE: DecisionReason.UNREADABLE,
    Fit.AMBIGUOUS: DecisionReason.AMBIGUOUS,
    Fit.SIMILAR: DecisionReason.SIMILAR_PLATE,
    Fit.UNKNOWN: DecisionReason.UNKNOWN_VEHICLE,
}


@dataclass(frozen=True, slots=True)
class Situation:
    """
    How things stand at the lane: `now` is business time, `connected` whether the cloud hears us, `barrier_works` false while faulted.
    """

    lane_kind: LaneKind
    now: datetime
    connected: bool
    has_waiting_area: bool
    barrier_works: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    A decision and what it makes a fact about which booking.
    """

    decision: Decision
    booking: Expected | None = None
    fact: Fact | None = None


def decide(*, readings: Sequence[Reading], error: str | None, roll: Roll, situation: Situation, doubt: Doubt | None = None) -> Verdict:
    """
    Decide on a frame. Only `MATCH` and `MATCH_REPAIRED` ever open, and only for a vehicle that is expected.
    """
    if error is not None:
        reason = DecisionReason.NOT_A_PICTURE if error == NOT_A_PICTURE else DecisionReason.UNREADABLE
        return _stay(situation, reason)
    known = _known(roll, situation)
    found = match(readings, known, doubt=doubt or Doubt())
    if found.fit is Fit.UNREADABLE:
        return _stay(situation, DecisionReason.UNREADABLE, detail=found.detail)
    if not found.bookings and not roll.valid(now=situation.now):
        return _stay(situation, DecisionReason.NO_LIST)
    if not found.bookings:
        return _stay(situation, _NO_FIT[found.fit], detail=found.detail)
    return _RULES[situation.lane_kind](found, situation)


def _known(roll: Roll, situation: Situation) -> Sequence[Expected]:
    """
    After its term a list says nothing; but whom this gate itself let in may still leave (D24).
    """
    if roll.valid(now=situation.now):
        return roll.expected
    if situation.lane_kind is LaneKind.EXIT:
        return [booking for booking in roll.expected if booking.mark(Fact.ADMITTED) is not None]
    return ()


def _enter(found: Match, situation: Situation) -> Verdict:
    """
    Into the checkpoint: the first rule that speaks against it keeps the barrier shut (D17).
    """
    booking = min(
        found.bookings, key=lambda one: (one.admission_spent or one.crossed, one.over(now=situation.now), one.admission.slot_start)
    )
    reason = _reason_against_entry(booking, situation)
    if reason is not None:
        return _stay(situation, reason, booking=booking, detail=_officer_word(booking) if reason is DecisionReason.OFFICER_ONLY else None)
    return _go(found, booking, Action.OPEN, Fact.ADMITTED)


def _reason_against_entry(booking: Expected, situation: Situation) -> DecisionReason | None:
    now, word = situation.now, booking.admission
    if booking.admission_spent or booking.crossed:
        return DecisionReason.ALREADY_ADMITTED
    if booking.over(now=now):
        return DecisionReason.EXPIRED
    if now < word.opens_at:
        return DecisionReason.TOO_EARLY
    if _officer_word(booking) is not None:
        return DecisionReason.OFFICER_ONLY
    if not booking.called(now=now, connected=situation.connected):
        return DecisionReason.NOT_CALLED
    if situation.has_waiting_area and not booking.seen_in_area:
        return DecisionReason.NOT_FROM_WAITING_AREA
    return None if situation.barrier_works else DecisionReason.BARRIER_FAULTED


def _leave(found: Match, situation: Situation) -> Verdict:
    """
    Out of the checkpoint: whoever was admitted and has not left yet; time does not matter.
    """
    booking = min(found.bookings, key=lambda one: (not one.inside, one.crossed, one.admission.slot_start))
    if not booking.inside or booking.crossed:
        detail = "already left" if booking.crossed else None
        return _stay(situation, DecisionReason.NOT_ADMITTED, booking=booking, detail=detail)
    if not situation.barrier_works:
        return _stay(situation, DecisionReason.BARRIER_FAULTED, booking=booking)
    return _go(found, booking, Action.OPEN, Fact.CROSSED)


def _arrive(found: Match, situation: Situation) -> Verdict:
    """
    Into the waiting area, which has no barrier: any time while listed; seen again says the same again and harms nothing.
    """
    booking = _next_trip(found, situation)
    if booking.inside or booking.crossed:
        return _stay(situation, DecisionReason.ALREADY_ADMITTED, booking=booking)
    if booking.over(now=situation.now):
        return _stay(situation, DecisionReason.EXPIRED, booking=booking)
    return _go(found, booking, Action.ARRIVED, Fact.ARRIVED)


def _depart(found: Match, situation: Situation) -> Verdict:
    """
    Out of the waiting area toward the gate: counts for a called vehicle only; another one has merely driven off.
    """
    booking = _next_trip(found, situation)
    if booking.inside or booking.crossed:
        return _stay(situation, DecisionReason.ALREADY_ADMITTED, booking=booking)
    if not booking.called(now=situation.now, connected=situation.connected):
        return _stay(situation, DecisionReason.NOT_CALLED, booking=booking)
    return _go(found, booking, Action.DEPARTED, Fact.LEFT_AREA)


_RULES: dict[LaneKind, Callable[[Match, Situation], Verdict]] = {
    LaneKind.ENTRY: _enter,
    LaneKind.EXIT: _leave,
    LaneKind.WAITING_AREA_ENTRY: _arrive,
    LaneKind.WAITING_AREA_EXIT: _depart,
}


def _next_trip(found: Match, situation: Situation) -> Expected:
    return min(found.bookings, key=lambda one: (one.inside or one.crossed, one.over(now=situation.now), one.admission.slot_start))


def _officer_word(booking: Expected) -> str | None:
    """
    Why only an officer may open: said by the cloud (D11), or the booking is suspended (D22, D28).
    """
    if booking.admission.status is AdmissionStatus.SUSPENDED:
        return booking.admission.officer_only or "suspended"
    return booking.admission.officer_only


def _go(found: Match, booking: Expected, action: Action, fact: Fact) -> Verdict:
    reason = DecisionReason.MATCH if found.fit is Fit.EXACT else DecisionReason.MATCH_REPAIRED
    decision = Decision(action=action, reason=reason, detail=found.detail)
    return Verdict(decision=_naming(decision, booking), booking=booking, fact=fact)


def _stay(situation: Situation, reason: DecisionReason, *, booking: Expected | None = None, detail: str | None = None) -> Verdict:
    """
    Nothing moves: `STAY` where there is a barrier to stay shut, `NONE` where there is none.
    """
    barrier = situation.lane_kind in {LaneKind.ENTRY, LaneKind.EXIT}
    decision = Decision(action=Action.STAY if barrier else Action.NONE, reason=reason, detail=detail)
    return Verdict(decision=_naming(decision, booking), booking=booking)


def _naming(decision: Decision, booking: Expected | None) -> Decision:
    if booking is None:
        return decision
    return replace(decision, booking=booking.admission.booking, booking_number=booking.admission.number)
