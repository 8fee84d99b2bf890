"""
What time brings: holds and applications run out, notices fall due, vehicles are called, no-shows annulled (§28, §29, §34, §35).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.bookings import Booking, Happening, Status
from chalicelib.domain.happenings import event_of, gate_changes, notice
from chalicelib.domain.money import DepositState
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import Step, leave_by, next_step, no_show_at
from chalicelib.usecases.ending import Verdict, bonds_of, ending_writes, verdict_on_miss
from chalicelib.usecases.ports import Bookings, Chance, Clock, Committed, Committer, Ledger, Locks, Passages, Places, Write

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KeepTime:
    """
    One due booking at a time; each is looked at anew, so that a step run twice, late or beside another does nothing more.
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

    def tidy(self, *, booking: str) -> bool:
        """
        Write down that a hold lapsed or an application ran out, free what it kept, and tell the user.
        """
        seen, now, rules = self._due(booking, Step.TIDY)
        if seen is None:
            return False
        ended = seen.after(Happening.EXPIRED, ended_at=now)
        return self._end(seen, ended, Happening.EXPIRED, Verdict("returned", DepositState.RELEASED, counts_as_miss=False), now, rules)

    def remind(self, *, booking: str) -> bool:
        """
        Give the notice of arrival at least 24 hours before (§29), or at once when booked inside 24 hours.
        """
        seen, now, rules = self._due(booking, Step.REMIND)
        if seen is None:
            return False
        reminded = seen.after(Happening.REMINDED, reminded_at=now)
        event = event_of(booking=reminded, happening=Happening.REMINDED, at=now, by="system", rules=rules, ground="29")
        told = notice(template="reminded", booking=reminded, at=now)
        return isinstance(self.committer.commit(Write(reminded, seen.version), Write(event), Write(told)), Committed)

    def call(self, *, booking: str) -> bool:
        """
        Call a vehicle to the checkpoint (§34, D16): in the waiting area it learns until when it must leave.
        """
        seen, now, rules = self._due(booking, Step.CALL)
        if seen is None or seen.slot_end is None:
            return False
        until = leave_by(told_at=now, slot_end=seen.slot_end, rules=rules) if seen.arrived_at is not None else None
        called = seen.after(Happening.CALLED, called_at=now, leave_by=until)
        event = event_of(booking=called, happening=Happening.CALLED, at=now, by="system", rules=rules, ground="34")
        told = notice(template="called", booking=called, at=now)
        messages = (told, *gate_changes(called, now))
        done = self.committer.commit(Write(called, seen.version), Write(event), *(Write(message) for message in messages))
        return isinstance(done, Committed)

    def annul(self, *, booking: str) -> bool:
        """
        Annul a no-show (§35, D18): only once the gateway has reported past the moment; until then look again, ever later.
        """
        seen, now, rules = self._due(booking, Step.ANNUL)
        if seen is None:
            return False
        missed_at, reported = no_show_at(seen, rules), self.passages.gateway(seen.checkpoint).reported_upto
        if reported is None or reported < missed_at:
            return self._postpone(seen, now, max(A_MINUTE, now - missed_at), rules)
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        verdict = verdict_on_miss(seen, bonds.misses, today=rules.today(now), rules=rules)
        forgiven = rules.today(now) if verdict.deposit is DepositState.FORGIVEN else seen.forgiven_on
        ended = seen.after(Happening.ANNULLED, deposit=verdict.deposit, forgiven_on=forgiven, ended_at=now)
        return self._end(seen, ended, Happening.ANNULLED, verdict, now, rules)

    def _postpone(self, seen: Booking, now: datetime, wait: timedelta, rules: Rules) -> bool:
        later = seen.after(Happening.POSTPONED, annul_not_before=now + wait)
        event = event_of(booking=later, happening=Happening.POSTPONED, at=now, by="system", rules=rules, ground="D18")
        return isinstance(self.committer.commit(Write(later, seen.version), Write(event)), Committed)

    def _due(self, booking: str, step: Step) -> tuple[Booking | None, datetime, Rules]:
        now = self.clock.now()
        rules = self.rules_on(now)
        seen = self.bookings.get(booking)
        due = next_step(seen, rules) if seen is not None else None
        ready = due is not None and due.step is step and due.at <= now
        return (seen if ready else None), now, rules

    def _end(self, seen: Booking, ended: Booking, happening: Happening, verdict: Verdict, now: datetime, rules: Rules) -> bool:
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        cool_down = self.chance.wait(rules.cool_down_least, rules.cool_down_most)
        ground = "35" if happening is Happening.ANNULLED else None
        template = "expired" if seen.status is Status.VERIFIED else ("hold_expired" if ended.status is Status.EXPIRED else "annulled")
        done = self.committer.commit(
            Write(ended, seen.version),
            *ending_writes(seen=seen, ended=ended, bonds=bonds, verdict=verdict, now=now, cool_down=cool_down, rules=rules),
            Write(event_of(booking=ended, happening=happening, at=now, by="system", rules=rules, ground=ground)),
            Write(notice(template=template, booking=ended, at=now, deposit=ended.deposit.value)),
        )
        return isinstance(done, Committed)
