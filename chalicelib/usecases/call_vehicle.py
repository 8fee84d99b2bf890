"""
Vehicles are called in queue order: by the timetable, or early where a driver said `ready` and the gate has room (§31, §34, D16, D17).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.calling import early_calls, in_queue_order, is_due, is_ready, queue_order
from chalicelib.domain.happenings import event_of, gate_changes, notice
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import Step, effective_end, leave_by, next_step, wait_for
from chalicelib.usecases.measure_line import MeasureLine
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, Passages, Write

HEARD_WITHIN: Final = timedelta(minutes=30)
"""Of a gate that has been silent for longer nobody knows whether it has room: then the timetable alone calls (D24)."""


@dataclass(frozen=True, slots=True)
class CallVehicle:
    """
    Calls one vehicle, or the ready ones of a checkpoint; looked at anew, so that a step run twice, late or beside another calls once.
    """

    committer: Committer
    bookings: Bookings
    passages: Passages
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    measure: MeasureLine

    def __call__(self, *, booking: str) -> bool:
        """
        Call a vehicle whose time has come: whether it was called now.
        """
        seen = self.bookings.get(booking)
        writes = self.calling(seen) if seen is not None else ()
        return bool(writes) and isinstance(self.committer.commit(*writes), Committed)

    def calling(self, seen: Booking, /) -> Sequence[Write]:
        """
        List what the call of a vehicle writes; nothing: it is not its time.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        if wait_for(seen, Step.CALL, rules) is None or not is_due(seen, now=now, rules=rules):
            return ()
        return _writes(seen, now, rules)

    @staticmethod
    def ordered(bookings: Sequence[Booking], /) -> Sequence[Booking]:
        """
        Put what is due into queue order, checkpoint by checkpoint (§31).
        """
        return sorted(bookings, key=lambda one: (one.checkpoint, queue_order(one)))

    def ready(self, *, bookings: Sequence[str]) -> int:
        """
        Look at the checkpoints of vehicles that said `ready`: how many vehicles were called.
        """
        checkpoints = {booking.checkpoint for booking in self.bookings.get_many(bookings) if is_ready(booking)}
        return sum(self._ready_of(checkpoint) for checkpoint in sorted(checkpoints))

    def _ready_of(self, checkpoint: str) -> int:
        now = self.clock.now()
        rules = self.rules_on(now)
        gate = self.measure.at_gate(checkpoint=checkpoint)
        due = [booking for booking in gate.bookings if is_ready(booking) and is_due(booking, now=now, rules=rules)]
        heard = self.passages.gateway(checkpoint).last_seen
        open_ = heard is not None and now - heard < HEARD_WITHIN and gate.pace.stopped_since is None
        early = early_calls(gate.bookings, per_hour=gate.pace.per_hour, now=now, rules=rules, experience=gate.experience) if open_ else []
        waits = [booking for booking in early if _awaits_call(booking, now, rules)]
        told = in_queue_order([*due, *waits])
        return sum(isinstance(self.committer.commit(*_writes(booking, now, rules)), Committed) for booking in told)


def _writes(seen: Booking, now: datetime, rules: Rules) -> Sequence[Write]:
    until = leave_by(told_at=now, slot_end=effective_end(seen), rules=rules) if seen.arrived_at is not None else None
    called = seen.after(Happening.CALLED, called_at=now, leave_by=until)
    early = not is_due(seen, now=now, rules=rules)
    ground = "D17" if early else "34"
    event = event_of(booking=called, happening=Happening.CALLED, at=now, by="system", rules=rules, ground=ground)
    messages = (notice(template="called", booking=called, at=now), *gate_changes(called, now))
    return Write(called, seen.version), Write(event), *map(Write, messages)


def _awaits_call(booking: Booking, now: datetime, rules: Rules) -> bool:
    """
    Tell whether nothing is due before its call: the notice of arrival (§29), a check asked again (D11).
    """
    due, check = next_step(booking, rules), wait_for(booking, Step.RECHECK, rules)
    return due is not None and due.step is Step.EARLY and (check is None or now < check.at)
