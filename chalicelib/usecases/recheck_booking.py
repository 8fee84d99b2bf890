"""
Registers are asked again before the trip, so that an admission is signed on a fresh word, and once more after it (D11, §18.18).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.bookings import Booking, Happening, Status
from chalicelib.domain.happenings import event_of, gate_changes, notice
from chalicelib.domain.rechecks import checks_again, rechecked
from chalicelib.domain.records import OutboxMessage
from chalicelib.domain.registers import Answer
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import Step, wait_for
from chalicelib.domain.verification import Check, Source
from chalicelib.usecases.ask_registers import AskRegisters
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, Write
from chalicelib.usecases.run_together import Plan


@dataclass(frozen=True, slots=True)
class RecheckBooking:
    """
    One round of questions again about one booking; safe to run twice at once: the second finds the version changed.
    """

    committer: Committer
    bookings: Bookings
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    ask: AskRegisters
    sources: Callable[[], Sequence[Source]]
    inapplicable: Callable[[str, Booking], bool]

    def __call__(self, *, booking: str) -> bool:
        """
        Ask again if it is due: whether something was written. Raises `StoreBusyError`.
        """
        seen = self.bookings.get(booking)
        writes = self.rechecking(seen) if seen is not None else ()
        return bool(writes) and isinstance(self.committer.commit(*writes), Committed)

    def rechecking(self, seen: Booking, /) -> Sequence[Write]:
        """
        Ask again and list what that writes; nothing: it is not its time, and nobody was asked.
        """
        return self.rechecking_many([seen])(seen)

    def rechecking_many(self, bookings: Sequence[Booking], /) -> Plan:
        """
        Read the people of bookings that are due; the plan asks about one of them and lists what that writes.
        """
        now = self.clock.now()
        rules, sources = self.rules_on(now), self.sources()
        checks = {seen.id: self._checks(seen, sources) for seen in bookings if _is_due(seen, now, rules)}
        asked_about = [seen for seen in bookings if checks.get(seen.id)]
        people = self.ask.people_of(asked_about) if asked_about else {}

        def plan(seen: Booking, /) -> Sequence[Write]:
            if seen.id not in checks:
                return ()
            asked = self.ask.knowing(people, booking=seen, checks=checks[seen.id], now=self.clock.now())
            return self._writes(seen, asked.answers, sources)

        return plan

    def _checks(self, seen: Booking, sources: Sequence[Source]) -> Sequence[Check]:
        return checks_again(seen, sources, inapplicable=self.inapplicable)

    def _writes(self, seen: Booking, answers: Sequence[Answer], sources: Sequence[Source]) -> Sequence[Write]:
        now = self.clock.now()  # registers took their time
        rules = self.rules_on(now)
        rechecks = {source.id for source in sources if source.recheck}
        after = rechecked(seen, answers, now=now, rules=rules, rechecks=rechecks)
        ground = "18" if seen.status is Status.CROSSED else "D11"
        event = event_of(booking=after, happening=Happening.RECHECKED, at=now, by="system", rules=rules, ground=ground)
        return Write(after, seen.version), Write(event), *map(Write, _messages(seen, after, now))


def _is_due(seen: Booking, now: datetime, rules: Rules) -> bool:
    due = wait_for(seen, Step.RECHECK, rules)
    return due is not None and due.at <= now


def _messages(seen: Booking, after: Booking, now: datetime) -> tuple[OutboxMessage, ...]:
    """
    Tell the holder what to renew once a thing, and the gate whenever its word changes.
    """
    if after.officer_only == seen.officer_only:
        return ()
    if after.officer_only is None:
        return gate_changes(after, now)
    what = f"paper:{after.officer_only.partition(':')[0]}"
    return (*gate_changes(after, now), notice(template="renew", booking=after, at=now, what=what))
