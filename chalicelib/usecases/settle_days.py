"""
Every closed day's revenue is settled once and forever and remitted to the budget within three days (§24, D29).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.domain.money import SYSTEM_WALLET, LedgerAccount, Leg, Posting, Settlement, settle
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Clock, Committed, Committer, Ledger, Write


@dataclass(frozen=True, slots=True)
class SettleDays:
    """
    Close each day once: its settlement and the remittance posting are one transaction.
    """

    committer: Committer
    ledger: Ledger
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    checkpoints: Callable[[], Sequence[str]]
    first_day: Callable[[], date]

    def __call__(self) -> Sequence[date]:
        """
        Settle every closed day not yet settled, the oldest first, at most 31 of them in a run: the days settled now.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        last = rules.today(now - rules.day_closes_after) - timedelta(days=1)
        settled = self._settled()
        days = (self.first_day() + timedelta(days=offset) for offset in range((last - self.first_day()).days + 1))
        waiting = [day for day in days if day not in settled]
        return [day for day in waiting[:MOST_DAYS] if self.close(day=day)]

    def _settled(self) -> set[date]:
        found: set[date] = set()
        page = self.ledger.settlements(limit=PAGE, cursor=None)
        while page.items:
            found.update(settlement.day for settlement in page.items)
            if page.next_cursor is None or min(found) < self.first_day():
                break
            page = self.ledger.settlements(limit=PAGE, cursor=page.next_cursor)
        return found

    def close(self, *, day: date) -> bool:
        """
        Settle one day; false when it is settled already.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        postings = [posting for checkpoint in self.checkpoints() for posting in self.ledger.of_day(day, checkpoint)]
        before = self.ledger.settlement(day - timedelta(days=1))
        due_on = day + timedelta(days=rules.settlement_days)
        settlement = settle(day=day, postings=postings, closed_at=now, due_on=due_on, carried=before.carried_over if before else None)
        remittance = remitted(settlement, now=now, rules=rules)
        writes = [Write(settlement)] + ([Write(remittance)] if remittance else [])
        return isinstance(self.committer.commit(*writes), Committed)


MOST_DAYS = 31
PAGE = 100


def remitted(settlement: Settlement, *, now: datetime, rules: Rules) -> Posting | None:
    """
    Move a settled day's revenue to the budget; nothing earned, nothing moved.
    """
    fees, forfeits = sum(row.fees for row in settlement.rows), sum(row.forfeits for row in settlement.rows)
    if not settlement.due:
        return None
    legs = (
        Leg(LedgerAccount.FEE_REVENUE, -fees),
        Leg(LedgerAccount.FORFEITS, -forfeits),
        Leg(LedgerAccount.BUDGET_PAID, settlement.due),
    )
    return Posting(
        id=f"remittance:{settlement.day}",
        wallet=SYSTEM_WALLET,
        kind="remittance",
        at=now,
        day=rules.today(now),
        legs=tuple(leg for leg in legs if leg.amount),
        reference=str(settlement.day),
    )
