"""
A called vehicle that did not come is annulled, once every condition of D18 holds; where the site could not tell for a day, it ends otherwise (§28, §35).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.contracts.passages import LaneKind
from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.happenings import event_of, gate_changes, notice
from chalicelib.domain.line import late_by, turn_came_at
from chalicelib.domain.money import DepositState
from chalicelib.domain.no_shows import Evidence, Judgment, Ruling, Why, blind_lanes, closed_until, judge_no_show
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import Step, effective_end, no_show_at, wait_for
from chalicelib.usecases.ending import NO_FAULT, bonds_of, ending_writes, verdict_on_miss
from chalicelib.usecases.measure_line import MeasureLine
from chalicelib.usecases.ports import Bookings, Chance, Clock, Committed, Committer, Ledger, Locks, Passages, Places, TornReadError, Write
from chalicelib.usecases.repace import Repace
from chalicelib.usecases.site_devices import devices_of
from chalicelib.usecases.state_register import Crossing, StateRegister


@dataclass(frozen=True, slots=True)
class AnnulNoShow:
    """
    Judges one booking at a time; each is looked at anew, so that a step run twice, late or beside another does nothing more.
    """

    committer: Committer
    bookings: Bookings
    places: Places
    locks: Locks
    ledger: Ledger
    passages: Passages
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]
    lane_kind: Callable[[str, str], LaneKind | None]
    measure: MeasureLine
    register: StateRegister
    repace: Repace

    def __call__(self, *, booking: str) -> bool:
        """
        Look at a booking whose moment has come: whether something was written.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        seen = self.bookings.get(booking)
        due = wait_for(seen, Step.ANNUL, rules) if seen is not None else None
        if seen is None or due is None or due.at > now:
            return False
        ruling = judge_no_show(seen, self._evidence(seen, now, rules), now=now, rules=rules)
        if ruling.judgment is Judgment.WAIT:
            return self._wait(seen, ruling, now, rules)
        if ruling.judgment is Judgment.ASK:
            return self._ask(seen, ruling, now, rules)
        return self._end(seen, Happening.ANNULLED, now, rules)

    def _evidence(self, seen: Booking, now: datetime, rules: Rules) -> Evidence:
        """
        Gather what is known; only for a vehicle that has come is the line before the gate drawn anew.
        """
        measured = self.measure(checkpoint=seen.checkpoint) if seen.arrived_at is not None else None
        gateway = self.passages.gateway(seen.checkpoint)
        return Evidence(
            reported_upto=gateway.reported_upto,
            notes=self.passages.notes(seen.checkpoint),
            late_by=late_by(measured.line, seen.id, now=now) if measured is not None else timedelta(),
            turn_at=turn_came_at(measured.bookings, seen, now=now) if measured is not None else None,
            closed_until=self._closed_until(seen, now, rules),
            blind=blind_lanes(devices_of(gateway), kind_of=lambda lane: self.lane_kind(seen.checkpoint, lane)),
        )

    def _closed_until(self, seen: Booking, now: datetime, rules: Rules) -> datetime | None:
        end = effective_end(seen)
        plans = self.places.plans(seen.checkpoint, first=rules.today(end), last=rules.today(now))
        return closed_until(plans, since=end, now=now, rules=rules)

    def _wait(self, seen: Booking, ruling: Ruling, now: datetime, rules: Rules) -> bool:
        moment = ruling.look_at or now
        if ruling.why in {Why.CLOSED, Why.GATE_LATE} and seen.left_area_at is None and seen.leave_by is not None:
            return self.repace.tell(seen, until=moment, now=now, rules=rules)
        later = seen.after(Happening.POSTPONED, annul_not_before=moment)
        why = {"why": ruling.why.value if ruling.why else None}
        event = event_of(booking=later, happening=Happening.POSTPONED, at=now, by="system", rules=rules, ground="D18", detail=why)
        told = gate_changes(later, now) if ruling.why in {Why.CLOSED, Why.GATE_LATE} else ()  # or the gate keeps out whom we wait for
        done = self.committer.commit(Write(later, seen.version), Write(event), *(Write(message) for message in told))
        return isinstance(done, Committed)

    def _ask(self, seen: Booking, ruling: Ruling, now: datetime, rules: Rules) -> bool:
        """
        Nobody at the site could tell for a day: a crossing that the state registered counts, else the booking ends with everything back (D18).
        """
        answer = self.register.crossing_of(seen, since=seen.called_at or now)
        if answer is Crossing.REGISTERED:
            return self.register.confirm(seen, now=now, rules=rules)
        if answer is Crossing.SILENT and now < no_show_at(seen, rules) + 2 * rules.gateway_silent_at_most:
            return self._wait(seen, Ruling(Judgment.WAIT, ruling.why, now + timedelta(hours=1)), now, rules)
        return self._end(seen, Happening.WITHDRAWN, now, rules)

    def _end(self, seen: Booking, happening: Happening, now: datetime, rules: Rules) -> bool:
        """
        End it by the very misses whose versions are written: of two misses of a vehicle at once one is forgiven (D20).
        """
        try:
            return isinstance(self.committer.commit(*self._ending(seen, happening, now, rules)), Committed)
        except TornReadError:
            return False  # its user was faster

    def _ending(self, seen: Booking, happening: Happening, now: datetime, rules: Rules) -> tuple[Write, ...]:
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        verdict = NO_FAULT
        if happening is Happening.ANNULLED:
            verdict = verdict_on_miss(seen, bonds.misses, today=rules.today(now), rules=rules)
        forgiven = rules.today(now) if verdict.deposit is DepositState.FORGIVEN else seen.forgiven_on
        ended = seen.after(happening, deposit=verdict.deposit, forgiven_on=forgiven, ended_at=now)
        cool_down = self.chance.wait(rules.cool_down_least, rules.cool_down_most)
        ground = "35" if happening is Happening.ANNULLED else "D18"
        return (
            Write(ended, seen.version),
            *ending_writes(seen=seen, ended=ended, bonds=bonds, verdict=verdict, now=now, cool_down=cool_down, rules=rules),
            Write(event_of(booking=ended, happening=happening, at=now, by="system", rules=rules, ground=ground)),
            Write(notice(template=happening.value, booking=ended, at=now, deposit=ended.deposit.value)),
        )
