"""
Every closed day's revenue is settled once and forever and remitted to the budget within three days (§24, D29).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.domain.calendar import WorkingCalendar, next_working_day
from chalicelib.domain.money import NOWHERE
from chalicelib.domain.rules import Rules
from chalicelib.domain.settlements import Balance, DayBook, Terms, settle
from chalicelib.usecases.ports import Clock, Committed, Committer, Ledger, Write

A_DAY = timedelta(days=1)
MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class SettleDays:
    """
    Close each day once, one after another: its settlement, the ledger's balance at its end and the remittance posting are one transaction.
    """

    committer: Committer
    ledger: Ledger
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    calendar: Callable[[], WorkingCalendar]
    checkpoints: Callable[[], Sequence[str]]
    region_of: Callable[[str], str]
    first_day: Callable[[], date]

    def __call__(self) -> Sequence[date]:
        """
        Settle every closed day not yet settled, the oldest first, at most 31 of them in a run: the days settled now.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        last = rules.today(now - rules.day_closes_after) - A_DAY
        day = self._next_day()
        settled: list[date] = []
        while day <= last and len(settled) < MOST_DAYS:
            if self.close(day=day):
                settled.append(day)
            elif self.ledger.settlement(day) is None:
                break
            day += A_DAY
        return settled

    def close(self, *, day: date) -> bool:
        """
        Settle one day; false when it is settled already, or the day before it is not.
        """
        now = self.clock.now()
        before = self.ledger.balance(day - A_DAY)
        if before is None and day > self.first_day():
            return False
        rules = self.rules_on(now)
        book = self.book(day)
        earlier = self.ledger.settlement(day - A_DAY)
        balance = book.balance(before)
        terms = Terms(now, next_working_day(day, calendar=self.calendar()), day + timedelta(days=rules.settlement_days))
        settlement = settle(book, terms=terms, carried=earlier.carried_over if earlier else (), at_hand=balance.at_hand)
        remittance = settlement.remittance(at=now, day=rules.today(now))
        writes = [Write(settlement), Write(replace(balance, ordered=balance.ordered + settlement.due))]
        return isinstance(self.committer.commit(*writes, *([Write(remittance)] if remittance else [])), Committed)

    def balance(self, *, day: date) -> Balance:
        """
        Give the ledger's balance at the end of a day, closed or not, as it is known by now.
        """
        closed = min(day, self._next_day() - A_DAY)
        found = self.ledger.balance(closed)
        while closed < day:
            closed += A_DAY
            found = self.book(closed).balance(found)
        return found or DayBook(day).balance(None)

    def book(self, day: date) -> DayBook:
        """
        Add up the postings of a day, of all checkpoints and of none.
        """
        book = DayBook(day, region_of=self.region_of)
        for checkpoint in (*self.checkpoints(), NOWHERE):
            book.take(self.ledger.of_day(day, checkpoint))
        return book

    def _next_day(self) -> date:
        latest = self.ledger.settlements(limit=1, cursor=None).items
        return max(latest[0].day + A_DAY, self.first_day()) if latest else self.first_day()
