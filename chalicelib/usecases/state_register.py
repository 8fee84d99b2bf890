"""
What state systems registered of a crossing counts as the gate's own word (§18.17-2, §28): the deposit is released on it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.registers import CheckResult, Question
from chalicelib.domain.rules import Rules
from chalicelib.usecases.passing import Passed, Passing
from chalicelib.usecases.ports import Committed, Committer, Passages, Registers, Write
from chalicelib.usecases.site_writes import notes_write

SOURCE = "17-2"


class Crossing(StrEnum):
    """
    What source 17-2 says of a vehicle.
    """

    REGISTERED = "registered"
    NOT_YET = "not_yet"
    SILENT = "silent"


ANSWERS = {CheckResult.PASSED: Crossing.REGISTERED, CheckResult.FAILED: Crossing.NOT_YET}


@dataclass(frozen=True, slots=True)
class StateRegister:
    """
    Asks source 17-2 about a vehicle, and completes a crossing that it confirms.
    """

    committer: Committer
    passages: Passages
    passing: Passing
    registers: Callable[[], Registers]

    def crossing_of(self, booking: Booking, *, since: datetime) -> Crossing:
        """
        Ask whether the vehicle has crossed since a moment; a register that does not answer has not said no.
        """
        vehicle = booking.vehicle
        keys = {"plate": vehicle.plate, "country": vehicle.country, "vin": vehicle.vin, "since": since.isoformat()}
        (answer,) = self.registers().ask([Question(SOURCE, "vehicle", keys)])
        return ANSWERS.get(answer.result, Crossing.SILENT)

    def confirm(self, seen: Booking, *, now: datetime, rules: Rules) -> bool:
        """
        Write the crossing down: the booking is over, its deposit released.
        """
        writes = self.confirming(seen, now=now, rules=rules)
        return bool(writes) and isinstance(self.committer.commit(*writes), Committed)

    def confirming(self, seen: Booking, *, now: datetime, rules: Rules) -> Sequence[Write]:
        """
        List what that writes; nothing: it changes nothing.
        """
        passed = Passed(Happening.CROSSED, "register", now, by=f"register:{SOURCE}", ground="28", number=seen.number)
        notes = self.passages.notes(seen.checkpoint)
        effects = self.passing.effects(seen, passed, notes, now=now, rules=rules)
        return () if effects is None else (*effects.writes, *notes_write(notes, effects.notes))
