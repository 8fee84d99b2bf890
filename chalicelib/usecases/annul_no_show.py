"""
A called vehicle that did not come is annulled, once every condition of D18 holds; where the site could not tell for a day, it ends otherwise (§28, §35).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.happenings import event_of, gate_changes, notice
from chalicelib.domain.money import DepositState
from chalicelib.domain.no_shows import Judgment, Ruling, Why, judge_no_show
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import Step, no_show_at, wait_for
from chalicelib.usecases.bonds import Bonds, bonds_of, bonds_of_many
from chalicelib.usecases.ending import NO_FAULT, ending_writes, verdict_on_miss
from chalicelib.usecases.gather_evidence import GatherEvidence
from chalicelib.usecases.ports import Bookings, Chance, Clock, Committed, Committer, Ledger, Locks, Places, TornReadError, Write
from chalicelib.usecases.repace import Repace
from chalicelib.usecases.run_together import Plan
from chalicelib.usecases.state_register import Crossing, StateRegister


@dataclass(frozen=True, slots=True)
class AnnulNoShow:
    """
    Judges bookings whose moment has come; each is looked at anew, so that a step run twice, late or beside another does nothing more.
    """

    committer: Committer
    bookings: Bookings
    places: Places
    locks: Locks
    ledger: Ledger
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]
    evidence: GatherEvidence
    register: StateRegister
    repace: Repace

    def __call__(self, *, booking: str) -> bool:
        """
        Look at one booking: whether something was written.
        """
        seen = self.bookings.get(booking)
        writes = self.annulling([seen])(seen) if seen is not None else ()
        return bool(writes) and isinstance(self.committer.commit(*writes), Committed)

    def annulling(self, bookings: Sequence[Booking], /) -> Plan:
        """
        Judge bookings by what the sites know now, and read what those are tied to that end; the plan lists what is written of each.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        due = [seen for seen in bookings if _is_due(seen, now, rules)]
        sites = self.evidence(due, now=now, rules=rules)
        rulings = {seen.id: judge_no_show(seen, sites.evidence(seen, now=now, rules=rules), now=now, rules=rules) for seen in due}
        ending = [seen for seen in due if rulings[seen.id].judgment is Judgment.ANNUL]
        bonds = self._bonds(ending)

        def plan(seen: Booking, /) -> Sequence[Write]:
            ruling = rulings.get(seen.id)
            if ruling is None:
                return ()
            if ruling.judgment is Judgment.WAIT:
                return self._waiting(seen, ruling, now, rules)
            if ruling.judgment is Judgment.ASK:
                return self._asking(seen, ruling, now, rules)
            return self._ending(seen, Happening.ANNULLED, bonds[seen.id], now, rules)

        return plan

    def _bonds(self, ending: Sequence[Booking]) -> Mapping[str, Bonds]:
        return bonds_of_many(ending, places_=self.places, locks=self.locks, ledger=self.ledger) if ending else {}

    def _waiting(self, seen: Booking, ruling: Ruling, now: datetime, rules: Rules) -> Sequence[Write]:
        moment = ruling.look_at or now
        if ruling.why in {Why.CLOSED, Why.GATE_LATE} and seen.left_area_at is None and seen.leave_by is not None:
            return self.repace.telling(seen, until=moment, now=now, rules=rules)
        later = seen.after(Happening.POSTPONED, annul_not_before=moment)
        why = {"why": ruling.why.value if ruling.why else None}
        event = event_of(booking=later, happening=Happening.POSTPONED, at=now, by="system", rules=rules, ground="D18", detail=why)
        told = gate_changes(later, now) if ruling.why in {Why.CLOSED, Why.GATE_LATE} else ()  # or the gate keeps out whom we wait for
        return Write(later, seen.version), Write(event), *map(Write, told)

    def _asking(self, seen: Booking, ruling: Ruling, now: datetime, rules: Rules) -> Sequence[Write]:
        """
        Nobody at the site could tell for a day: a crossing that the state registered counts, else the booking ends with everything back (D18).
        """
        answer = self.register.crossing_of(seen, since=seen.called_at or now)
        if answer is Crossing.REGISTERED:
            return self.register.confirming(seen, now=now, rules=rules)
        if answer is Crossing.SILENT and now < no_show_at(seen, rules) + 2 * rules.gateway_silent_at_most:
            return self._waiting(seen, Ruling(Judgment.WAIT, ruling.why, now + timedelta(hours=1)), now, rules)
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        return self._ending(seen, Happening.WITHDRAWN, bonds, now, rules)

    def _ending(self, seen: Booking, happening: Happening, bonds: Bonds, now: datetime, rules: Rules) -> Sequence[Write]:
        """
        End it by the very misses whose versions are written: of two misses of a vehicle at once one is forgiven (D20).
        """
        verdict = NO_FAULT
        if happening is Happening.ANNULLED:
            verdict = verdict_on_miss(seen, bonds.misses, today=rules.today(now), rules=rules)
        forgiven = rules.today(now) if verdict.deposit is DepositState.FORGIVEN else seen.forgiven_on
        ended = seen.after(happening, deposit=verdict.deposit, forgiven_on=forgiven, ended_at=now)
        cool_down = self.chance.wait(rules.cool_down_least, rules.cool_down_most)
        ground = "35" if happening is Happening.ANNULLED else "D18"
        try:
            more = ending_writes(seen=seen, ended=ended, bonds=bonds, verdict=verdict, now=now, cool_down=cool_down, rules=rules)
        except TornReadError:
            return ()  # its user was faster
        return (
            Write(ended, seen.version),
            *more,
            Write(event_of(booking=ended, happening=happening, at=now, by="system", rules=rules, ground=ground)),
            Write(notice(template=happening.value, booking=ended, at=now, deposit=ended.deposit.value)),
        )


def _is_due(seen: Booking, now: datetime, rules: Rules) -> bool:
    due = wait_for(seen, Step.ANNUL, rules)
    return due is not None and due.at <= now
