"""
A statement's figures are the ledger's: whatever the postings, the period and the page.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account_statements import OWN, Period, Standing, change_of, draw_up
from chalicelib.domain.money import LedgerAccount, Leg, Posting
from tests.fakes.samples import ALMATY

DAY = date(2026, 11, 1)
START = datetime(2026, 11, 1, tzinfo=ALMATY)
SUMS = st.integers(-1000, 1000)


def posting(number, hour, sums, booking=None):
    """
    A posting of these changes of available, held and debt; the provider gives or takes the rest.
    """
    legs = [Leg(account, sum_) for account, sum_ in zip(OWN, sums, strict=True) if sum_]
    at = START + timedelta(hours=hour)
    return Posting(f"p{number:03}", "acc_1", "top_up", at, at.date(), (*legs, Leg(LedgerAccount.PROVIDER, -sum(sums))), booking=booking)


def period(first, days):
    """
    A period by its first day's number and its length.
    """
    start = START + timedelta(days=first)
    end = start + timedelta(days=days)
    return Period(start.date(), end.date() - timedelta(days=1), start, end)


def drawn(postings, over, *, skip=0, most=999):
    """
    Draw a statement up.
    """
    return draw_up(postings, period=over, drawn_at=START, skip=skip, most=most)


POSTINGS = st.lists(st.tuples(st.integers(0, 239), st.tuples(SUMS, SUMS, SUMS), st.sampled_from([None, "bk_1", "bk_2"])), max_size=40).map(
    lambda found: sorted((posting(number, *each) for number, each in enumerate(found)), key=lambda made: made.at)
)


@pytest.mark.rule("23", "D30")
class TestStatement:
    @given(POSTINGS, st.integers(0, 9), st.integers(1, 10))
    def test_says_what_the_ledger_says(self, postings, first, days):
        """
        Opening and closing are the sums of all that came before; the turnover is their difference; each line follows from the one before.
        """
        over = period(first, days)
        made = drawn(postings, over)

        for standing, end in ((made.opening, over.start), (made.closing, over.end)):
            before = [each for each in postings if each.at < end]
            available, held, debt = (sum(each.change_of(account) for each in before) for account in OWN)
            assert Standing(available, held, -debt) == standing
        assert made.closing.balance - made.opening.balance == made.came_in - made.went_out
        inside = {each.id for each in postings if over.start <= each.at < over.end and any(each.change_of(account) for account in OWN)}
        assert inside == {line.posting.id for line in made.lines}
        assert made.count == len(made.lines)
        standings = [made.opening, *(line.standing for line in made.lines)]
        assert standings[-1] == made.closing
        assert all(line.standing == before.after(line.posting) for before, line in zip(standings, made.lines, strict=False))
        assert all(one.posting.at <= other.posting.at for one, other in pairwise(made.lines))

    @given(POSTINGS, st.integers(1, 9), st.integers(1, 7))
    def test_is_the_same_read_in_parts(self, postings, cut, size):
        """
        Two periods that meet are one; pages of any size are the whole, each with the period's own figures.
        """
        whole = drawn(postings, period(0, 10))
        parts = drawn(postings, period(0, cut)), drawn(postings, period(cut, 10 - cut))
        assert (whole.opening, whole.closing) == (parts[0].opening, parts[1].closing)
        assert parts[0].closing == parts[1].opening
        assert whole.lines == (*parts[0].lines, *parts[1].lines)

        pages = [drawn(postings, period(0, 10), skip=skip, most=size) for skip in range(0, max(1, whole.count), size)]
        assert whole.lines == tuple(line for page in pages for line in page.lines)
        assert {(whole.closing, whole.came_in, whole.count)} == {(page.closing, page.came_in, page.count) for page in pages}

    @given(POSTINGS)
    def test_knows_what_is_held_for_whom(self, postings):
        """
        By booking, none that came to nothing.
        """
        made = drawn(postings, period(0, 10))
        of = {
            booking: sum(each.change_of(LedgerAccount.WALLET_HELD) for each in postings if each.booking == booking)
            for booking in ("bk_1", "bk_2")
        }

        assert {booking: held for booking, held in of.items() if held} == made.held_for

    def test_puts_what_came_at_one_instant_in_first(self):
        """
        A card pays and the fee goes in one transaction: nothing seems to be spent before it came.
        """
        fee, charge = posting(1, 5, (-700, 0, 0)), posting(2, 5, (900, 0, 0))

        assert [900, 200] == [line.standing.balance for line in drawn([fee, charge], period(0, 1)).lines]

    def test_leaves_out_what_does_not_touch_the_wallet(self):
        """
        A refund's arrival at the card is between the provider and us.
        """
        arrival = Posting(
            "x", "acc_1", "refund_paid", START, DAY, (Leg(LedgerAccount.PROVIDER, 5), Leg(LedgerAccount.REFUNDS_IN_TRANSIT, -5))
        )

        assert (0, 0) == (drawn([arrival], period(0, 1)).count, change_of(arrival))

    def test_ends_before_the_next_days_first_instant(self):
        """
        Local midnight belongs to the day that begins.
        """
        made = [posting(1, 0, (1, 0, 0)), posting(2, 24, (2, 0, 0))]
        late = replace(made[0], id="late", at=START + timedelta(hours=24) - timedelta(microseconds=1))

        assert ["p001", "late"] == [line.posting.id for line in drawn([made[0], late, made[1]], period(0, 1)).lines]
