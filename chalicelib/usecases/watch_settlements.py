"""
Morning and afternoon: is every closed day's money on its way to the budget while there is still a business day for it (§24, D27, D29)?
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.calendar import WorkingCalendar, last_working_day_of_term, next_working_day
from chalicelib.domain.remittance import FileKind, Requisites, regions_without
from chalicelib.domain.rules import Rules
from chalicelib.domain.settlements import Settlement
from chalicelib.usecases.ports import Clock, Ledger, Remittances

A_DAY: Final = timedelta(days=1)
LOOKED_BACK: Final = timedelta(days=60)
PAGE: Final = 31
AFTERNOON: Final = 14 * 60
"""Minutes after midnight from which an order not made yet may not go out on the same day."""
FOR_THE_BANK: Final = frozenset({FileKind.PAIN001, FileKind.CLIENT_BANK})
"""Whoever took one of these has the payment order in hand."""


@dataclass(frozen=True, slots=True)
class Watched:
    """
    What somebody must look at today.

    `late`: days whose money is not settled, or whose payment order nobody has taken, on the last business day for it or after it.
    `unpayable`: days about to begin or begun whose term holds no business day, so that nothing of them can be paid in time.
    `unconfigured`: regions that are owed something and have no bank details. `shortfall`: what the registrar must advance for orders not taken, in tiyn.
    """

    late: tuple[date, ...]
    unpayable: tuple[date, ...]
    unconfigured: tuple[str, ...]
    shortfall: int


@dataclass(frozen=True, slots=True)
class WatchSettlements:
    """
    Looks only; run again it says the same.
    """

    ledger: Ledger
    remittances: Remittances
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    calendar: Callable[[], WorkingCalendar]
    requisites: Callable[[], Requisites | None]
    first_day: Callable[[], date]

    def __call__(self) -> Watched:
        """
        Look at the closed days of the last two months, and at the days until the next business day.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        today = rules.today(now)
        since = max(self.first_day(), today - LOOKED_BACK)
        settled = {settlement.day: settlement for settlement in self._settled(since)}
        known = self.requisites()
        waiting = [settlement for settlement in settled.values() if settlement.due and not self._taken(settlement)]
        lacking = {region for settlement in waiting for region in regions_without(settlement, known)}
        unsettled = [day for day in _days(since, today - A_DAY) if day not in settled]
        pressing = [day for day in unsettled if self._last_chance(day, rules) <= today]
        pressing += [settlement.day for settlement in waiting if self._presses(settlement, now, rules)]
        return Watched(
            late=tuple(sorted(pressing)),
            unpayable=self._unpayable(today, rules),
            unconfigured=tuple(sorted(lacking)),
            shortfall=sum(settlement.shortfall for settlement in waiting),
        )

    def _settled(self, since: date) -> Iterator[Settlement]:
        page = self.ledger.settlements(limit=PAGE, cursor=None)
        while True:
            yield from (settlement for settlement in page.items if settlement.day >= since)
            if page.next_cursor is None or page.items[-1].day < since:
                return
            page = self.ledger.settlements(limit=PAGE, cursor=page.next_cursor)

    def _taken(self, settlement: Settlement) -> bool:
        page = self.remittances.downloads(settlement.day, limit=PAGE, cursor=None)
        while True:
            if any(taken.kind in FOR_THE_BANK for taken in page.items):
                return True
            if page.next_cursor is None:
                return False
            page = self.remittances.downloads(settlement.day, limit=PAGE, cursor=page.next_cursor)

    def _last_chance(self, day: date, rules: Rules) -> date:
        return last_working_day_of_term(day, days=rules.settlement_days, calendar=self.calendar())

    def _presses(self, settlement: Settlement, now: datetime, rules: Rules) -> bool:
        today, last = rules.today(now), self._last_chance(settlement.day, rules)
        # an order that could be made today for the first time is not late in the morning of its only business day
        return last < today or (last == today and (settlement.remit_on < today or now >= rules.at(today, AFTERNOON)))

    def _unpayable(self, today: date, rules: Rules) -> tuple[date, ...]:
        coming = _days(today, next_working_day(today, calendar=self.calendar()) - A_DAY)
        return tuple(day for day in coming if self._last_chance(day, rules) <= day)


def _days(first: date, last: date) -> Sequence[date]:
    return [first + A_DAY * offset for offset in range((last - first).days + 1)]
