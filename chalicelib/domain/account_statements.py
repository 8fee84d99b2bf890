"""
The statement of a wallet for a period: what it held before, every movement with what stood after it, what it holds then (§23, D30, decision 0040).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Final

from chalicelib.domain.money import LedgerAccount, Posting

OWN: Final = (LedgerAccount.WALLET_AVAILABLE, LedgerAccount.WALLET_HELD, LedgerAccount.USER_DEBT)
"""The accounts of a posting that are the user's own."""
LONGEST_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Standing:
    """
    A wallet at a moment, in tiyn, as its postings alone make it.
    """

    available: int = 0
    held: int = 0
    debt: int = 0

    @property
    def balance(self) -> int:
        """
        Say what is the user's: available and held, less what he owes.
        """
        return self.available + self.held - self.debt

    def after(self, posting: Posting) -> "Standing":
        """
        Apply a posting.
        """
        available, held, debt = (posting.change_of(account) for account in OWN)
        return Standing(self.available + available, self.held + held, self.debt - debt)


@dataclass(frozen=True, slots=True)
class Line:
    """
    One movement and what stood after it.
    """

    posting: Posting
    standing: Standing

    @property
    def change(self) -> int:
        """
        Say what came in (plus) or went out (minus); what only moves between available and held is 0.
        """
        return change_of(self.posting)


@dataclass(frozen=True, slots=True)
class Period:
    """
    Local days from `first` to `last`, both included, as instants: half-open.
    """

    first: date
    last: date
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Statement:
    """
    A period's figures in full, and of its `count` lines those that were asked for. `held_for`: what is held at its end, by booking, in tiyn.
    """

    period: Period
    drawn_at: datetime
    opening: Standing = field(default_factory=Standing)
    closing: Standing = field(default_factory=Standing)
    came_in: int = 0
    went_out: int = 0
    count: int = 0
    lines: tuple[Line, ...] = ()
    held_for: Mapping[str, int] = field(default_factory=dict)


def change_of(posting: Posting) -> int:
    """
    Sum what a posting does to what is the user's.
    """
    return sum(posting.change_of(account) for account in OWN)


def draw_up(postings: Iterable[Posting], *, period: Period, drawn_at: datetime, skip: int, most: int) -> Statement:
    """
    Draw a statement up from all of a wallet's postings, the oldest first, in one pass; only `most` lines after `skip` are kept.
    """
    made, held, kept = Statement(period, drawn_at), dict[str, int](), list[Line]()
    for posting in _in_order(postings):
        if posting.at >= period.end:
            break
        standing = made.closing.after(posting)
        _hold(held, posting)
        if posting.at < period.start:
            made = replace(made, opening=standing, closing=standing)
            continue
        if skip <= made.count < skip + most:
            kept.append(Line(posting, standing))
        change = change_of(posting)
        came_in, went_out = made.came_in + max(0, change), made.went_out + max(0, -change)
        made = replace(made, closing=standing, count=made.count + 1, came_in=came_in, went_out=went_out)
    return replace(made, lines=tuple(kept), held_for=dict(held))


def _in_order(postings: Iterable[Posting]) -> Iterator[Posting]:
    """
    Leave out what does not touch the wallet (a refund's arrival at the card), and put what came at one instant in first.
    """
    own = (posting for posting in postings if any(posting.change_of(account) for account in OWN))
    for _, group in groupby(own, key=lambda posting: posting.at):
        yield from sorted(group, key=lambda posting: (-change_of(posting), posting.id))


def _hold(held: dict[str, int], posting: Posting) -> None:
    change = posting.change_of(LedgerAccount.WALLET_HELD)
    if change and posting.booking is not None:
        held[posting.booking] = held.get(posting.booking, 0) + change
        if not held[posting.booking]:
            del held[posting.booking]
