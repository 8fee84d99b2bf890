"""
A closed interval, nowhere to move to, and no choice made in time: the booking ends with everything back, its vehicle may book again (D8, D21).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.bookings import Happening
from chalicelib.domain.happenings import event_of, notice
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import Step, is_stranded, wait_for
from chalicelib.usecases.bonds import bonds_of
from chalicelib.usecases.ending import NO_FAULT, ending_writes
from chalicelib.usecases.ports import Bookings, Chance, Clock, Committed, Committer, Ledger, Locks, Places, Write


@dataclass(frozen=True, slots=True)
class EndStranded:
    """
    One due booking at a time, looked at anew.
    """

    committer: Committer
    bookings: Bookings
    places: Places
    locks: Locks
    ledger: Ledger
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, booking: str) -> bool:
        """
        End it if its time has come: true when it was ended.
        """
        now, seen = self.clock.now(), self.bookings.get(booking)
        rules = self.rules_on(now)
        due = wait_for(seen, Step.LAPSE, rules) if seen is not None else None
        if seen is None or not is_stranded(seen) or due is None or due.at > now:
            return False
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        ended = seen.after(Happening.WITHDRAWN, deposit=NO_FAULT.deposit, ended_at=now)
        cool_down = self.chance.wait(rules.cool_down_least, rules.cool_down_most)
        detail = {"fee": NO_FAULT.fee, "deposit": NO_FAULT.deposit.value}
        done = self.committer.commit(
            Write(ended, seen.version),
            *ending_writes(seen=seen, ended=ended, bonds=bonds, verdict=NO_FAULT, now=now, cool_down=cool_down, rules=rules),
            Write(event_of(booking=ended, happening=Happening.WITHDRAWN, at=now, by="system", rules=rules, ground="D21", detail=detail)),
            Write(notice(template="withdrawn", booking=ended, at=now, deposit=NO_FAULT.deposit.value)),
        )
        return isinstance(done, Committed)
