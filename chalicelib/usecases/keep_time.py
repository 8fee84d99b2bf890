"""
What time brings: holds and applications run out, notices fall due (§28, §29); calls and no-shows beside them (§34, §35).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.bookings import Booking, Happening, Status
from chalicelib.domain.happenings import event_of, notice
from chalicelib.domain.money import DepositState
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import Step, wait_for
from chalicelib.usecases.annul_no_show import AnnulNoShow
from chalicelib.usecases.bonds import Bonds, bonds_of_many
from chalicelib.usecases.call_vehicle import CallVehicle
from chalicelib.usecases.ending import Verdict, ending_writes
from chalicelib.usecases.ports import Bookings, Chance, Clock, Committed, Committer, Ledger, Locks, Places, Write
from chalicelib.usecases.run_together import Plan


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
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]
    call: CallVehicle
    annul: AnnulNoShow

    def tidy(self, *, booking: str) -> bool:
        """
        Write down that a hold lapsed or an application ran out, free what it kept, and tell the user.
        """
        seen = self.bookings.get(booking)
        writes = self.tidying([seen])(seen) if seen is not None else ()
        return bool(writes) and isinstance(self.committer.commit(*writes), Committed)

    def tidying(self, bookings: Sequence[Booking], /) -> Plan:
        """
        Read what bookings kept that ran out; the plan lists what that writes, or nothing: it is not its time.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        over = [seen for seen in bookings if _is_due(seen, Step.TIDY, now, rules)]
        bonds = bonds_of_many(over, places_=self.places, locks=self.locks, ledger=self.ledger) if over else {}
        return lambda seen: self._expiring(seen, bonds[seen.id], now, rules) if seen.id in bonds else ()

    def _expiring(self, seen: Booking, bonds: Bonds, now: datetime, rules: Rules) -> Sequence[Write]:
        ended = seen.after(Happening.EXPIRED, ended_at=now)
        cool_down = self.chance.wait(rules.cool_down_least, rules.cool_down_most)
        verdict = Verdict("returned", DepositState.RELEASED, counts_as_miss=False)
        template = "expired" if seen.status is Status.VERIFIED else "hold_expired"
        return (
            Write(ended, seen.version),
            *ending_writes(seen=seen, ended=ended, bonds=bonds, verdict=verdict, now=now, cool_down=cool_down, rules=rules),
            Write(event_of(booking=ended, happening=Happening.EXPIRED, at=now, by="system", rules=rules)),
            Write(notice(template=template, booking=ended, at=now, deposit=ended.deposit.value)),
        )

    def remind(self, *, booking: str) -> bool:
        """
        Give the notice of arrival at least 24 hours before (§29), or at once when booked inside 24 hours.
        """
        seen = self.bookings.get(booking)
        writes = self.reminding(seen) if seen is not None else ()
        return bool(writes) and isinstance(self.committer.commit(*writes), Committed)

    def reminding(self, seen: Booking, /) -> Sequence[Write]:
        """
        List what the notice of arrival writes; nothing: it is not its time.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        if not _is_due(seen, Step.REMIND, now, rules):
            return ()
        reminded = seen.after(Happening.REMINDED, reminded_at=now)
        event = event_of(booking=reminded, happening=Happening.REMINDED, at=now, by="system", rules=rules, ground="29")
        return Write(reminded, seen.version), Write(event), Write(notice(template="reminded", booking=reminded, at=now))


def _is_due(seen: Booking, step: Step, now: datetime, rules: Rules) -> bool:
    due = wait_for(seen, step, rules)
    return due is not None and due.at <= now
