"""
A user's account statement: the ledger's own figures for a period, with the numbers of the bookings behind them (§23, decision 0040).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.domain.account_statements import Period, Statement, draw_up
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Bookings, Clock, Ledger


@dataclass(frozen=True, slots=True)
class StatementSeen:
    """
    A statement, and the numbers of the bookings that its lines and held sums are about; one that never had a number is not there.
    """

    statement: Statement
    numbers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DrawStatement:
    """
    `GET /v1/me/wallet/statement` and its files.
    """

    ledger: Ledger
    bookings: Bookings
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, account: str, first: date, last: date, skip: int = 0, most: int) -> StatementSeen:
        """
        Go through the wallet's postings once, a page at a time; at most `most` lines are held, those after `skip`.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        period = Period(first, last, rules.at(first, 0), rules.at(last + timedelta(days=1), 0))
        made = draw_up(self.ledger.in_order(account), period=period, drawn_at=now, skip=skip, most=most)
        wanted = dict.fromkeys([*(line.posting.booking for line in made.lines), *made.held_for])
        found = self.bookings.get_many([booking for booking in wanted if booking is not None])
        return StatementSeen(made, {booking.id: booking.number for booking in found if booking.number is not None})
