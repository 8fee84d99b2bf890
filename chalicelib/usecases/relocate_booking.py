"""
What befell a booking was not its user's fault: until admission he may take another primary place toward the same country instead (D21).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.bookings import Booking
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.moves import FREE_OF_CHARGE, class_after, may_choose, relocation
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.rules import Rules
from chalicelib.usecases.moving import Move, Moving
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import Bookings, Clock, Requests, StoreBusyError
from chalicelib.usecases.seek_place import SeekPlace, Wanted

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """
    The place chosen: a checkpoint of the same country and a slot by its start.
    """

    checkpoint: str
    slot_start: datetime


@dataclass(frozen=True, slots=True)
class RelocateBooking:
    """
    `POST /v1/bookings/{id}/relocate`: free of charge, and not the free reschedule.
    """

    bookings: Bookings
    requests: Requests
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    toward: Callable[[str], str | None]
    moving: Moving

    def __call__(self, *, account: str, booking: str, elsewhere: Elsewhere, request: IdempotentRequest) -> Outcome:
        """
        Move the booking: `Done` with it, or the reasons against it. Raises `StoreBusyError`.
        """
        for tries in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            seen, rules = self.bookings.get(booking), self.rules_on(now)
            if seen is None or seen.account != account:
                return Missing()
            move = self.decided(seen, elsewhere, now=now, rules=rules)
            if isinstance(move, Refused):
                return move
            number = self.moving.commit(move, answer=told(move, rules), request=request, tries=tries, now=now, rules=rules)
            if number is not None:
                return Done(200, booking, {**told(move, rules), "number": number})
        raise StoreBusyError("relocate")

    def preview(self, *, account: str, booking: str, elsewhere: Elsewhere) -> Outcome:
        """
        Tell whether it could be done now and in which class, changing nothing.
        """
        now, seen = self.clock.now(), self.bookings.get(booking)
        if seen is None or seen.account != account:
            return Missing()
        rules = self.rules_on(now)
        move = self.decided(seen, elsewhere, now=now, rules=rules)
        return move if isinstance(move, Refused) else Done(200, booking, told(move, rules))

    def decided(self, seen: Booking, elsewhere: Elsewhere, *, now: datetime, rules: Rules) -> Move | Refused:
        """
        Decide the move: a place of the booking's class, where there is none a general one.
        """
        refused = self._refusal(seen, elsewhere)
        if refused is not None:
            return refused
        found = self._slot(seen, elsewhere, class_after(seen), now, rules)
        if isinstance(found, Refused) and class_after(seen) is not PlaceClass.GENERAL:
            found = self._slot(seen, elsewhere, PlaceClass.GENERAL, now, rules)
        return found

    def _slot(self, seen: Booking, elsewhere: Elsewhere, class_: PlaceClass, now: datetime, rules: Rules) -> Move | Refused:
        wanted = Wanted(elsewhere.checkpoint, class_, Pool.PRIMARY)
        slot = SeekPlace(self.moving.places).named(wanted, start=elsewhere.slot_start, now=now, rules=rules)
        if isinstance(slot, Refused):
            return slot
        happening = relocation(seen, checkpoint=elsewhere.checkpoint)
        return Move(seen, slot, class_, FREE_OF_CHARGE, happening, ground="D21", template="rescheduled")

    def _refusal(self, seen: Booking, elsewhere: Elsewhere) -> Refused | None:
        decision = may_choose(seen)
        if isinstance(decision, Refused):
            return decision
        if self.toward(elsewhere.checkpoint) != seen.toward:
            return Refused.because(Code.OTHER_COUNTRY, "D21", checkpoint=elsewhere.checkpoint)
        if (elsewhere.checkpoint, elsewhere.slot_start) == (seen.checkpoint, seen.slot_start):
            return Refused.because(Code.SAME_SLOT, "D21")
        return None


def told(move: Move, rules: Rules) -> dict[str, str]:
    """
    Say where a move leads.
    """
    start, _ = move.slot.period(rules)
    return {"checkpoint": move.slot.plan.checkpoint, "slot_start": start.isoformat(), "class": move.class_.value, "rule": "D21"}
