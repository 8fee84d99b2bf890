"""
Which row of a file is which line: each movement once, however many files and forms tell of it.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.bank_lines import PART_ROWS, Cause, LineState, assign, in_parts
from chalicelib.domain.hints import hints_in, order_of, orders, payouts
from chalicelib.domain.statements import Direction, FileForm, mark
from tests.fakes.bank import DAY, line, row

CAMT, ONE_C = FileForm.CAMT053, FileForm.CLIENT_BANK


def assigned(rows, known, *, statement="stm_2", form=CAMT):
    """
    Give each row's line number, or `new` or `doubtful`.
    """
    return [
        each.line.number if each.line else ("doubtful" if each.doubtful else "new")
        for each in assign(rows, known, statement=statement, form=form)
    ]


@pytest.mark.rule("23")
class TestAssign:
    def test_finds_a_line_by_any_number_it_is_known_by(self):
        """
        The document's number or the bank's own: one in common is enough.
        """
        known = [line(1, marks=("17", "B-1")), line(2, marks=("18",))]

        assert [2, 1] == assigned([row(1, marks=("18",)), row(2, marks=("B-1",))], known)

    def test_takes_other_numbers_of_the_same_form_for_another_line(self):
        """
        Two payments of one sum by one payer on one day differ by their numbers.
        """
        assert ["new"] == assigned([row(marks=("18",))], [line()])

    def test_doubts_other_numbers_of_the_other_form(self):
        """
        The forms may number differently: somebody looks before money is given twice. Another payer leaves no doubt.
        """
        assert ["doubtful"] == assigned([row(marks=("B-9",))], [line(form=ONE_C)])
        assert ["new"] == assigned([row(marks=("B-9",), other="cd")], [line(form=ONE_C)])

    def test_counts_where_there_are_no_numbers(self):
        """
        Three like rows against two like lines: two are known, one is new.
        """
        known = [line(1, marks=()), line(2, marks=())]

        assert [1, 2, "new"] == assigned([row(number, marks=()) for number in (1, 2, 3)], known)

    def test_counts_equal_rows_of_one_file(self):
        """
        A file tells no movement twice: two rows that look the same are two movements.
        """
        assert [1, "new"] == assigned([row(1), row(2)], [line(1)])

    def test_knows_its_own_rows_again(self):
        """
        After a crash half of the rows are lines already, by this very file.
        """
        own = replace(line(1), statement="stm_2", row=2)

        assert ["new", 1] == assigned([row(1), row(2)], [own])

    def test_never_mixes_two_payers(self):
        """
        The same number from another account is another payment; an unknown account may be either.
        """
        assert ["new"] == assigned([row(other="cd")], [line()])
        assert [1] == assigned([row(other=None)], [line()])

    @settings(max_examples=200, deadline=None)
    @given(
        st.lists(st.tuples(st.sampled_from(["", "1", "2", "3"]), st.sampled_from([None, "ab", "cd"])), max_size=7),
        st.lists(st.tuples(st.sampled_from(["", "1", "2", "3"]), st.sampled_from([None, "ab", "cd"])), max_size=7),
        st.booleans(),
    )
    def test_never_gives_one_line_to_two_rows(self, told, there, same_form):
        """
        Whatever rows meet whatever lines, a line answers for one row at most, and told again everything is known.
        """
        rows = [row(number, marks=(name,) if name else (), other=other) for number, (name, other) in enumerate(told, 1)]
        known = [line(number, marks=(name,) if name else (), other=other) for number, (name, other) in enumerate(there, 1)]
        form = CAMT if same_form else ONE_C

        first = assign(rows, known, statement="stm_2", form=form)

        taken = [each.line.number for each in first if each.line]
        assert len(taken) == len(set(taken))
        made = [
            line(100 + each.row.row, marks=each.row.marks, other=each.row.other, form=form, statement="stm_2", row=each.row.row)
            for each in first
            if each.line is None
        ]
        again = assign(rows, [*known, *made], statement="stm_2", form=form)
        assert [each.line or 0 for each in first if each.line] == [now.line for now, each in zip(again, first, strict=True) if each.line]
        assert all(each.line for each in again)


class TestParts:
    def test_never_split_like_rows(self):
        """
        Rows are cut into parts of a size, but a group stays whole, whatever its size; no row is lost.
        """
        groups = {f"g{size}": [row(size * 100 + n) for n in range(size)] for size in (30, 20, 45, 1, PART_ROWS)}

        parts = in_parts("stm_1", groups)

        assert [30, 20, 45, 1, 40] == [len(part.rows) for part in parts]
        assert list(range(len(parts))) == [part.number for part in parts]
        assert {"stm_1"} == {part.statement for part in parts}
        assert [] == list(in_parts("stm_1", {}))

    def test_hold_as_many_rows_as_are_posted_in_one_go(self):
        """
        Groups that fit together share a part, up to its last row.
        """
        groups = {f"g{size}": [row(size * 100 + n) for n in range(size)] for size in (10, 25, 5, 1)}

        assert [40, 1] == [len(part.rows) for part in in_parts("stm_1", groups)]


class TestLine:
    def test_is_posted_unless_it_may_be_told_twice(self):
        """
        What may be a known line is in the ledger only once somebody has said that it is none.
        """
        doubtful = line(cause=Cause.PERHAPS_KNOWN)
        decided = doubtful.decided(LineState.CREDITED, by="acc_fin", at=doubtful.received_at, reason="x", account="acc_1")

        assert [True, False, True] == [line().posted, doubtful.posted, decided.posted]
        assert not doubtful.decided(LineState.DISMISSED, by="acc_fin", at=doubtful.received_at, reason="x").posted

    def test_keeps_who_said_what_it_is(self):
        """
        Who of finance, when, why, whose it is; what it was known as stays unless he says otherwise.
        """
        at = line().received_at
        known = line(of="RF1", version=3)
        said = {"state": LineState.OWN, "by": "acc_fin", "decided_at": at, "reason": "x", "version": 4}

        assert line(**said, of="RF1") == known.decided(LineState.OWN, by="acc_fin", at=at, reason="x")
        assert line(**said, of="RF2", account="acc_1") == known.decided(
            LineState.OWN, by="acc_fin", at=at, reason="x", of="RF2", account="acc_1"
        )
        assert ("bln_1-1", 9_082_500, -9_082_500) == (known.id, known.moved, line(direction=Direction.OUT).moved)


class TestHints:
    def test_are_our_own_words_in_a_purpose(self):
        """
        A payout's id and an order's number are found; days that cannot be are none.
        """
        found = hints_in("STRIPE po_1ABCdef23 / 20261203-KZ-75, 20261399-X po_1ABCdef23")

        assert ["po_1ABCdef23"] == payouts(found)
        assert ["20261203-KZ-75"] == orders(found)
        assert (DAY, "KZ-75") == order_of("20261203-KZ-75")

    @pytest.mark.parametrize("text", ["", "NOTPROVIDED", " 0 ", "-", None])
    def test_that_mean_nothing_mark_nothing(self, text):
        """
        A placeholder is no number.
        """
        assert frozenset() == mark(text)
        assert frozenset({"A17"}) == mark(" 00 a 17")
