"""
A closed day's revenue by checkpoint and class, what of it is due to the budget, and what has come in to pay it from (§24, D29).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from chalicelib.domain.money import SYSTEM_WALLET, LedgerAccount, Leg, Posting

REMITTANCE: Final = "remittance"
CARRIED: Final = "carried"
"""The checkpoint of a row that brings over what earlier days' reversals took beyond their revenue."""
ANY_CLASS: Final = "general"


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """
    What one checkpoint and class brought in on the settled day, in tiyn. `region`: whose budget it goes to, as it was when the day closed.
    """

    checkpoint: str
    place_class: str
    fees: int
    fee_count: int
    forfeits: int
    forfeit_count: int
    region: str = ""

    @property
    def total(self) -> int:
        """
        Fees and forfeited deposits together.
        """
        return self.fees + self.forfeits


@dataclass(frozen=True, slots=True)
class Settlement:
    """
    One closed day's remittance to the budget (§24, D29): closed once and forever.

    `due_on`: the last day of the term; `remit_on`: the first business day after the settled one. `funded`: what of `due` had come to the
    registrar's account by the day's end and no earlier day needed.
    """

    day: date
    closed_at: datetime
    due_on: date
    remit_on: date
    rows: tuple[SettlementRow, ...] = field(default_factory=tuple)
    funded: int = 0
    version: int = 1

    @property
    def due(self) -> int:
        """
        Sum what is owed to the budget, in tiyn: what each region owes, never below zero (D29).
        """
        return sum(self.by_region().values())

    @property
    def shortfall(self) -> int:
        """
        What of `due` the registrar must pay out of his own until the provider pays out.
        """
        return self.due - self.funded

    @property
    def overdue_from_the_start(self) -> bool:
        """
        Tell whether no business day lies between the day's end and the end of its term.
        """
        return self.remit_on > self.due_on

    def by_region(self) -> Mapping[str, int]:
        """
        Give what each region's budget is owed, those that are owed something.
        """
        return {region: total for region, total in self._totals().items() if total > 0}

    @property
    def carried_over(self) -> tuple[SettlementRow, ...]:
        """
        Give what reversals took beyond a region's revenue: its next settlement is netted with it.
        """
        return tuple(
            SettlementRow(
                CARRIED, ANY_CLASS, sum(row.fees for row in self._of(region)), 0, sum(row.forfeits for row in self._of(region)), 0, region
            )
            for region, total in self._totals().items()
            if total < 0
        )

    def remittance(self, *, at: datetime, day: date) -> Posting | None:
        """
        Move what is due from the revenue accounts to the budget's; nothing due, nothing moved. `day`: on which it is posted.
        """
        if not self.due:
            return None
        owed = [row for region in self.by_region() for row in self._of(region)]
        legs = (
            Leg(LedgerAccount.FEE_REVENUE, -sum(row.fees for row in owed)),
            Leg(LedgerAccount.FORFEITS, -sum(row.forfeits for row in owed)),
            Leg(LedgerAccount.BUDGET_PAID, self.due),
        )
        return Posting(
            id=f"{REMITTANCE}:{self.day}",
            wallet=SYSTEM_WALLET,
            kind=REMITTANCE,
            at=at,
            day=day,
            legs=tuple(leg for leg in legs if leg.amount),
            reference=str(self.day),
        )

    def _of(self, region: str) -> list[SettlementRow]:
        return [row for row in self.rows if row.region == region]

    def _totals(self) -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for row in self.rows:
            found[row.region] += row.total
        return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Balance:
    """
    The ledger at a closed day's end: what its postings moved on each account, and what all days up to it come to (tiyn, by account).

    `remitted`: all remittances posted by then; `ordered`: all that settlements up to this day's ordered, of which some are posted later.
    """

    day: date
    moved: Mapping[str, int]
    totals: Mapping[str, int]
    postings: int
    remitted: int = 0
    ordered: int = 0
    version: int = 1

    @property
    def at_hand(self) -> int:
        """
        What lies at the registrar's bank that no earlier settlement has claimed; below zero where he has advanced his own money.
        """
        claimed = self.totals.get(LedgerAccount.BUDGET_PAID, 0) + self.ordered - self.remitted
        return -self.totals.get(LedgerAccount.BANK, 0) - claimed


class DayBook:
    """
    A day's postings added up one by one, so that a day of any size takes the same room.
    """

    def __init__(self, day: date, *, region_of: Callable[[str], str] = str) -> None:
        self.day = day
        self.postings = 0
        self.moved: Counter[str] = Counter()
        self.remitted = 0
        self._region_of = region_of
        self._rows: dict[tuple[str, str], SettlementRow] = {}

    def take(self, postings: Iterable[Posting]) -> "DayBook":
        """
        Add postings.
        """
        for posting in postings:
            self._add(posting)
        return self

    def _add(self, posting: Posting) -> None:
        self.postings += 1
        for leg in posting.legs:
            self.moved[leg.account.value] += leg.amount
        if posting.kind == REMITTANCE:
            self.remitted += posting.change_of(LedgerAccount.BUDGET_PAID)
            return
        fee, forfeit = posting.change_of(LedgerAccount.FEE_REVENUE), posting.change_of(LedgerAccount.FORFEITS)
        if posting.checkpoint is None or not (fee or forfeit):
            return
        key = (posting.checkpoint, posting.place_class or ANY_CLASS)
        row = self._rows.get(key) or SettlementRow(*key, 0, 0, 0, 0, self._region_of(posting.checkpoint))
        self._rows[key] = replace(
            row,
            fees=row.fees + fee,
            fee_count=row.fee_count + _sign(fee),
            forfeits=row.forfeits + forfeit,
            forfeit_count=row.forfeit_count + _sign(forfeit),
        )

    @property
    def rows(self) -> tuple[SettlementRow, ...]:
        """
        The revenue by checkpoint and class, in their order.
        """
        return tuple(self._rows[key] for key in sorted(self._rows))

    def balance(self, before: Balance | None) -> Balance:
        """
        Put the day on top of what all days before it come to; `ordered` is as it was before.
        """
        totals = Counter(before.totals if before else {})
        totals.update(self.moved)
        remitted, ordered = (before.remitted, before.ordered) if before else (0, 0)
        return Balance(self.day, _known(self.moved), _known(totals), self.postings, remitted + self.remitted, ordered)


@dataclass(frozen=True, slots=True)
class Terms:
    """
    When a day is closed, when its money is ordered to be paid, and when it must have reached the budget.
    """

    closed_at: datetime
    remit_on: date
    due_on: date


def settle(book: DayBook, *, terms: Terms, carried: Sequence[SettlementRow] = (), at_hand: int = 0) -> Settlement:
    """
    Close a day: fees at confirmation, deposits at forfeiture, less what was reversed, less what is `carried` over from the day before (D29).

    `at_hand`: what lies at the bank for it (`Balance.at_hand`).
    """
    made = Settlement(book.day, terms.closed_at, terms.due_on, terms.remit_on, (*carried, *book.rows))
    return replace(made, funded=max(0, min(made.due, at_hand)))


def _known(sums: Mapping[str, int]) -> Mapping[str, int]:
    return {account: sums[account] for account in sorted(sums) if sums[account]}


def _sign(amount: int) -> int:
    return (amount > 0) - (amount < 0)
