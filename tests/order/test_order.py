"""
The Order is the test plan: every paragraph, sub-paragraph and decision is carried by code and proved by a test.
"""

import pytest

from tests.order.__main__ import PAGE, page
from tests.order.reading import cited_in, places, proofs, rules

pytestmark = pytest.mark.xdist_group("order")


class TestOrder:
    def test_has_a_test_for_every_rule(self):
        """
        No paragraph, sub-paragraph or decision is without a test that says it proves it.
        """
        assert [] == [rule for rule in rules() if not proofs().get(rule)]

    def test_lives_somewhere_in_the_code(self):
        """
        Every paragraph and decision, though not every sub-paragraph, is cited where it is carried out.
        """
        assert [] == [rule for rule in rules() if "." not in rule and not places()[rule]]

    def test_is_proved_under_numbers_that_exist(self):
        """
        A mark names a rule of the list: a misspelled one would prove nothing.
        """
        assert set() == set(proofs()) - set(rules())

    def test_is_told_as_it_stands(self):
        """
        `docs/order-707.md` is what `make order` writes.
        """
        assert page() == PAGE.read_text(encoding="utf-8")


class TestCitations:
    @pytest.mark.parametrize(
        ("text", "cited"),
        [
            ("taken by §28, D20", {"28", "D20"}),
            ("(§29–31)", {"29", "30", "31"}),
            ("D3–D5", {"D3", "D4", "D5"}),
            ("§18.17-1 and §6-1", {"18.17-1", "6-1"}),
            ('Refused.because(Code.DEBT, "27")', {"27"}),
            ('@operation(rule="D25")', {"D25"}),
            ("§99, D77, 2D4x", set()),
        ],
    )
    def test_are_found_however_they_are_written(self, text, cited):
        """
        Singly, as a range, as a refusal's or a declaration's ground; numbers that do not exist are none.
        """
        assert cited == cited_in(text)
