"""
What somebody decided from a day on: the word said last counts, and figures keep to the Order (D1).
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.policies import LIMITS, CapacityRule, PolicyRow, capacity_on, in_force, limit_of, out_of_order
from tests.fakes.samples import HERE, NOW

MONDAY = date(2026, 12, 7)
SEED = CapacityRule(100, 60, 480, 1200, ("sun",))
SPANS = st.lists(st.tuples(st.integers(-3, 3), st.none() | st.integers(-3, 3), st.integers(0, 2)), max_size=5)


def row(number=1, *, since=MONDAY, until=None, policy="capacity", said=0, days_off=(), **value):
    """
    A decision.
    """
    return PolicyRow(HERE, policy, since, until, value, "acc_1", "D1", NOW + timedelta(hours=said), f"pol_{number}", days_off)


@pytest.mark.rule("D1")
class TestInForce:
    @given(SPANS)
    def test_is_what_was_said_last_of_that_day(self, spans):
        """
        Whatever began later: the word said last that covers the day, both its ends included; of two said at once the one numbered later.
        """
        days = [(MONDAY + timedelta(days=a), None if b is None else MONDAY + timedelta(days=b)) for a, b, _ in spans]
        rows = [row(number, since=since, until=until, said=spans[number][2]) for number, (since, until) in enumerate(days)]
        speaking = [each for each in rows if each.since <= MONDAY and (each.until is None or each.until >= MONDAY)]
        other = row(9, policy="hold", said=9)

        expected = sorted(speaking, key=lambda each: (each.at, each.id))[-1:]
        assert (expected[0] if expected else None) == in_force([*rows, other], policy="capacity", day=MONDAY)


@pytest.mark.rule("D1")
class TestCapacity:
    @pytest.mark.parametrize(
        ("days_off", "places"),
        [(("sun",), 100), (("mon",), 0), (("2026-12-07",), 0), (("2026-12-08",), 100), (("2026-12-08", "mon"), 0), ((), 100)],
    )
    def test_of_a_day_off_is_none(self, days_off, places):
        """
        A weekday's name or a date.
        """
        assert places == CapacityRule(100, 60, 0, 1440, days_off).on(MONDAY)

    @pytest.mark.parametrize(
        ("rule", "shape"),
        [
            (CapacityRule(9, 60, 480, 1200), (60, 480, 12)),
            (CapacityRule(9, 45, 0, 100), (45, 0, 2)),
            (CapacityRule(9, 60, 0, 30), (60, 0, 1)),
        ],
    )
    def test_has_whole_intervals_and_at_least_one(self, rule, shape):
        """
        Their length, the opening, how many fit before closing.
        """
        assert shape == rule.shape

    def test_is_the_latest_word_on_the_seed(self):
        """
        What a decision does not name stays as the jurisdiction has it, but for the days off: they are said anew.
        """
        said = [row(per_day=300, closes=1440, days_off=("sat",)), row(2, policy="hold", said=5, per_day=7)]

        assert SEED == capacity_on(said, SEED, MONDAY - timedelta(days=1))
        assert CapacityRule(300, 60, 480, 1440, ("sat",)) == capacity_on(said, SEED, MONDAY)
        assert CapacityRule(100, 30, 0, 1200) == capacity_on([row(interval_minutes=30, opens=0)], SEED, MONDAY)


@pytest.mark.rule("D1")
class TestFigures:
    def test_keep_to_what_the_order_says(self):
        """
        At most 90 days ahead, at least a day's notice, at most three days to the budget; what it does not name is any figure from zero.
        """
        assert [(1, 90), (24, 240), (1, 3)] == [limit_of(name) for name in ("horizon_days", "notice_before", "settlement_days")]
        assert (0, 1_000_000_000) == limit_of("fee_general")
        assert all(least < most for least, most in LIMITS.values())

    @pytest.mark.parametrize(
        ("figures", "wrong"),
        [
            ({}, False),
            ({"hold": 10, "hold_extended": 20}, False),
            ({"hold": 20, "hold_extended": 20}, False),
            ({"hold": 21, "hold_extended": 20}, True),
            ({"hold": 21}, False),
            ({"hold_extended": 1}, False),
            ({"cool_down_least": 2, "cool_down_most": 1, "hold": 1, "hold_extended": 2}, True),
            ({"legal_call_lead_winter": 150, "call_lead_winter": 149}, True),
        ],
    )
    def test_do_not_contradict_one_another(self, figures, wrong):
        """
        The lesser of a pair is never more than the other; one alone contradicts nothing.
        """
        assert wrong == out_of_order(figures)
