"""
A bank's statement must be of our account, lie in its days and explain its balances (§23).
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.statements import (
    BankStatement,
    Direction,
    FileForm,
    InvalidStatementError,
    StatementFault,
    StatementFaultCode,
    StatementLine,
    check_file,
    check_statement,
    mark,
    spell,
)

IIK = "KZ09000SAMPLE0000000"
DAY = date(2026, 12, 3)
NEXT = DAY + timedelta(days=1)


def lines(*moves, day=DAY, first=1):
    """
    Movements in tiyn, plus or minus.
    """
    return tuple(
        StatementLine(number, Direction.IN if move > 0 else Direction.OUT, abs(move), day, frozenset())
        for number, move in enumerate(moves, start=first)
    )


def statement(*found, opening=0, closing=None, **changes):
    """
    A statement of one day that explains its balances.
    """
    moved = sum(line.amount if line.direction is Direction.IN else -line.amount for line in found)
    fields = {"form": FileForm.CAMT053, "iik": IIK, "first_day": DAY, "last_day": DAY, "lines": found, "opening": opening}
    return BankStatement(**{**fields, "closing": opening + moved if closing is None else closing, **changes})


def many(count):
    """
    So many lines, no two alike.
    """
    return lines(*range(1, count + 1))


@pytest.mark.rule("23")
class TestStatement:
    @given(st.lists(st.integers(-1000, 1000).filter(bool), max_size=6), st.integers(-1000, 1000), st.integers(-2, 2))
    def test_is_sound_if_its_lines_explain_its_balances(self, moves, opening, wrong):
        """
        What was there and what moved is what is there; a tiyn beside is a fault, with the three sums in tenge.
        """
        made = statement(*lines(*moves), opening=opening, closing=opening + sum(moves) + wrong)
        told = {"opening": spell(opening), "moved": spell(sum(moves)), "closing": spell(opening + sum(moves) + wrong)}

        assert ([StatementFault(StatementFaultCode.BALANCE, None, told)] if wrong else []) == check_statement(made, iik=IIK)

    def test_of_another_account_is_nothing_of_ours(self):
        """
        The account is named; what else is wrong with it does not matter.
        """
        made = statement(closing=7, iik="KZ1")

        assert [StatementFault(StatementFaultCode.ACCOUNT, None, {"account": "KZ1"})] == check_statement(made, iik=IIK)

    def test_has_lines_of_its_own_days_only(self):
        """
        From the first day to the last, both included; each stray line by its row and day.
        """
        days = [DAY + timedelta(days=number) for number in range(4)]
        found = [line for number, day in enumerate(days, start=1) for line in lines(5, day=day, first=number)]
        made = statement(*found, first_day=days[1], last_day=days[2])

        assert [
            StatementFault(StatementFaultCode.OUTSIDE, 1, {"day": "2026-12-03"}),
            StatementFault(StatementFaultCode.OUTSIDE, 4, {"day": "2026-12-06"}),
        ] == check_statement(made, iik=IIK)


@pytest.mark.rule("23")
class TestFile:
    def test_is_sound_if_each_of_its_statements_is(self):
        """
        Faults of all are told together, those of days to come first; today's is taken.
        """
        bad = statement(closing=7)
        ahead = statement(first_day=NEXT, last_day=NEXT)

        assert [] == check_file([statement(), statement(*lines(5))], iik=IIK, today=DAY)
        assert [] == check_file([], iik=IIK, today=DAY)
        assert [StatementFaultCode.FUTURE, StatementFaultCode.BALANCE, StatementFaultCode.BALANCE] == [
            each.code for each in check_file([bad, ahead, bad], iik=IIK, today=DAY)
        ]
        assert [StatementFault(StatementFaultCode.FUTURE, None, {"day": "2026-12-04"})] == check_file([ahead], iik=IIK, today=DAY)

    def test_holds_four_thousand_lines(self):
        """
        In all its statements together; one more and nothing else is looked at.
        """
        half = statement(*many(2000))
        more = statement(*many(2001), closing=0)

        assert [] == check_file([half, statement(*lines(*range(-1, -2001, -1)))], iik=IIK, today=DAY)
        assert [StatementFault(StatementFaultCode.TOO_MANY, None, {"limit": "4000"})] == check_file([half, more], iik=IIK, today=DAY)

    def test_holds_eight_hundred_that_are_alike(self):
        """
        Of one day, direction and sum, in whichever statement; others are counted apart.
        """
        alike = statement(*lines(*([5] * 800)))
        others = statement(*lines(-5), *lines(6, first=2), *lines(5, day=NEXT, first=3), last_day=NEXT)

        assert [] == check_file([alike, others], iik=IIK, today=NEXT)
        assert [StatementFault(StatementFaultCode.TOO_MANY, None, {"limit": "800"})] == check_file(
            [alike, statement(*lines(5))], iik=IIK, today=NEXT
        )

    def test_that_is_none_says_every_fault(self):
        """
        By their codes.
        """
        faults = (StatementFault(StatementFaultCode.XML), StatementFault(StatementFaultCode.DAY, 3))
        error = InvalidStatementError(*faults)

        assert faults == error.faults
        assert "bank_xml, bank_day" == str(error)


class TestSpelling:
    @pytest.mark.parametrize(
        ("number", "expected"),
        [
            ("17", {"17"}),
            (" 00 1a-7 ", {"1A-7"}),
            ("000", set()),
            ("0100", {"100"}),
            (None, set()),
            ("", set()),
            ("NotProvided", set()),
            ("nonref", set()),
            ("-", set()),
        ],
    )
    def test_of_a_number_is_one_in_both_forms(self, number, expected):
        """
        No blanks, capitals, no zeros before it; a placeholder is no number.
        """
        assert expected == mark(number)

    @pytest.mark.parametrize(("tiyn", "spelled"), [(0, "0.00"), (7, "0.07"), (865_000, "8650.00"), (-7, "-0.07"), (-865_010, "-8650.10")])
    def test_of_a_sum_is_the_statements(self, tiyn, spelled):
        """
        Tenge with two digits, minus before it.
        """
        assert spelled == spell(tiyn)
