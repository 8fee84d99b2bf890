"""
The bank's books against ours: do its statements join, does the ledger hold what they come to, and what still lies between the two (D30).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.bank_lines import BankLine, Cause, LineState, Statement
from chalicelib.domain.bank_postings import once_id
from chalicelib.domain.hints import order_of
from chalicelib.domain.money import Posting
from chalicelib.domain.payouts import payout_posting_id
from chalicelib.domain.settlements import Settlement

A_DAY: Final = timedelta(days=1)
FEW: Final = 8
"""Doubts that are weighed one by one."""


class DifferenceCause(StrEnum):
    """
    Why two books differ: statements that do not join, rows not posted yet, a line nobody has explained or that may be told twice, money that
    should have left or come and has not been seen; or nothing known.
    """

    STATEMENTS_DO_NOT_JOIN = "statements_do_not_join"
    NOT_POSTED_YET = "not_posted_yet"
    UNMATCHED_LINE = "unmatched_line"
    PERHAPS_KNOWN_LINE = "perhaps_known_line"
    RETURN_NOT_SEEN = "return_not_seen"
    PAYOUT_NOT_SEEN = "payout_not_seen"
    REMITTANCE_NOT_SEEN = "remittance_not_seen"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class BankDifference:
    """
    One thing that lies between the books: `amount` in tiyn as the bank's balance feels it, `since` which day, `of` what it is about.
    """

    cause: DifferenceCause
    amount: int
    since: date
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """
    Statements joined day by day: the balance before the first, after the last, and where one does not join the next.
    """

    opening: int
    closing: int
    first_day: date
    last_day: date
    breaks: tuple[BankDifference, ...]

    @property
    def explained(self) -> int:
        """
        Sum what the statements' own lines moved.
        """
        return self.closing - self.opening - sum(each.amount for each in self.breaks)


@dataclass(frozen=True, slots=True)
class BankReconciliation:
    """
    Both books at a moment. `ledger`: what ours says lies at the bank, beside what lay there before the first statement.
    """

    as_of: datetime
    chain: Chain | None
    ledger: int
    differences: tuple[BankDifference, ...]

    @property
    def difference(self) -> int:
        """
        What the bank's closing balance has more than ours.
        """
        return (self.chain.closing - self.chain.opening if self.chain else 0) - self.ledger


def joined(statements: Iterable[Statement]) -> Chain | None:
    """
    Join statements, period after period. Where several begin in time the longest period counts. Days without movement need no statement.
    """
    periods: dict[tuple[date, date], list[Statement]] = {}
    for each in statements:
        periods.setdefault((each.first_day, each.last_day), []).append(each)
    if not periods:
        return None
    first_day = min(first for first, _ in periods)
    last_day = max(last for first, last in periods if first == first_day)
    opening, closing = _through(periods[first_day, last_day], before=None)
    start, breaks = opening, []
    while further := [period for period in periods if period[1] > last_day]:
        following = [period for period in further if period[0] <= last_day + A_DAY] or [min(further)]
        best = max(following, key=lambda period: (period[1], period[0]))
        # one that begins within what is known ends later than any that begins there: no balance before it is known
        before = closing if best[0] > last_day else None
        opening, closing = _through(periods[best], before=before)
        if before is not None and opening != before:
            breaks.append(BankDifference(DifferenceCause.STATEMENTS_DO_NOT_JOIN, opening - before, best[0], periods[best][0].id))
        last_day = best[1]
    return Chain(start, closing, first_day, last_day, tuple(breaks))


def _through(period: Sequence[Statement], *, before: int | None) -> tuple[int, int]:
    """
    Go through one period's statements from the balance before it: the latest that begins there, then later ones that begin where it ends.
    The morning's gives way to the day's, the other form's repeats it, the afternoon's continues the morning's.
    """
    rest = sorted(period, key=lambda each: each.uploaded_at, reverse=True)
    ends = {each.closing for each in rest}
    opening = next((each.opening for each in rest if each.opening not in ends), rest[0].opening)
    if before is not None and any(each.opening == before for each in rest):
        opening = before
    closing = opening
    while following := next((each for each in rest if each.opening == closing), None):
        rest = [each for each in rest if each.uploaded_at > following.uploaded_at]
        closing = following.closing
    return opening, closing


@dataclass(frozen=True, slots=True)
class Outside:
    """
    What both books are compared by: lines that wait, rows that are not posted, what left on our side, and settlements whose orders are due.
    """

    waiting: Sequence[BankLine]
    unposted: Sequence[tuple[Statement, int]] = ()
    postings: Sequence[Posting] = ()
    settlements: Sequence[Settlement] = field(default_factory=tuple)


def reconcile(chain: Chain | None, *, ledger: int, outside: Outside, as_of: datetime, today: date) -> BankReconciliation:
    """
    List what lies between the books, the oldest first; what none of it explains is said to be unexplained. Nothing is corrected.
    """
    between = [
        *(chain.breaks if chain else ()),
        *(BankDifference(DifferenceCause.NOT_POSTED_YET, amount, each.last_day, each.id) for each, amount in outside.unposted),
        *_doubts(outside.waiting),
    ]
    told = (chain.closing - chain.opening if chain else 0) - ledger
    unknown = told - sum(each.amount for each in chain.breaks) if chain else told
    # a line that may be told twice is either in the statements' sum and not in the ledger, or in neither
    # rows that are not posted may be known lines: what they come to is seen when they are
    possible = {0} | {sum(each.amount for each in some) for some in _choices(_doubts(outside.waiting))}
    if unknown not in possible and not outside.unposted:
        between.append(BankDifference(DifferenceCause.UNEXPLAINED, unknown, chain.last_day if chain else today))
    listed = [*between, *_waiting(outside.waiting), *_payouts(outside.postings), *_orders(outside.settlements, outside.postings, today)]
    return BankReconciliation(as_of, chain, ledger, tuple(sorted(listed, key=lambda each: (each.since, each.cause, each.of or ""))))


def _doubts(waiting: Sequence[BankLine]) -> Sequence[BankDifference]:
    return [
        BankDifference(DifferenceCause.PERHAPS_KNOWN_LINE, line.moved, line.day, line.id)
        for line in waiting
        if line.state is LineState.UNMATCHED and line.cause is Cause.PERHAPS_KNOWN
    ]


def _waiting(waiting: Sequence[BankLine]) -> Sequence[BankDifference]:
    """
    Lines that are in both books, and that nobody has explained, or that have not gone back yet.
    """
    found = []
    for line in waiting:
        if line.state is LineState.RETURNED:
            found.append(BankDifference(DifferenceCause.RETURN_NOT_SEEN, -line.amount, line.day, line.id))
        elif line.cause is not Cause.PERHAPS_KNOWN:
            found.append(BankDifference(DifferenceCause.UNMATCHED_LINE, line.moved, line.day, line.id))
    return found


def _payouts(postings: Sequence[Posting]) -> Sequence[BankDifference]:
    there = {posting.id for posting in postings}
    return [
        BankDifference(DifferenceCause.PAYOUT_NOT_SEEN, max(leg.amount for leg in posting.legs), posting.day, posting.reference)
        for posting in postings
        if posting.kind == "payout_paid"
        and payout_posting_id("payout_failed", str(posting.reference)) not in there
        and once_id(LineState.PAYOUT, str(posting.reference)) not in there
    ]


def _orders(settlements: Sequence[Settlement], postings: Sequence[Posting], today: date) -> Sequence[BankDifference]:
    there = {posting.id for posting in postings}
    owed: Mapping[str, tuple[Settlement, int]] = {
        f"{settlement.day:%Y%m%d}-{region}": (settlement, amount)
        for settlement in settlements
        if settlement.remit_on <= today
        for region, amount in settlement.by_region().items()
    }
    return [
        BankDifference(DifferenceCause.REMITTANCE_NOT_SEEN, -amount, settlement.remit_on, order)
        for order, (settlement, amount) in owed.items()
        if once_id(LineState.REMITTED, order) not in there and order_of(order) is not None
    ]


def _choices(doubts: Sequence[BankDifference]) -> Iterable[Sequence[BankDifference]]:
    """
    Give every choice among a few doubts; of many only all together, so that it stays quick.
    """
    if len(doubts) > FEW:
        return [doubts]
    return [[each for place, each in enumerate(doubts) if chosen >> place & 1] for chosen in range(1, 2 ** len(doubts))]
