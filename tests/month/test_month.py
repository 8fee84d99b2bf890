"""
A month lived on the real use cases: who keeps his time loses nothing, the gate is kept at work, and what is forecast comes true (D1, D16–D18, D21).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from bench.month.__main__ import rows
from bench.month.front import KNOWN, MADE, doors
from bench.month.month import lived
from bench.month.scenario import Scenario
from chalicelib import wiring

HOUR = timedelta(hours=1)
SMALL = replace(Scenario(), days=2, capacity=120, squatters=40, hoarders=8, after=2, cuts=((1, 10, 5),), storm=(1, 2, 3))
"""A smaller checkpoint of two days, with a storm and a cut."""


@pytest.fixture(scope="class")
def small():
    """
    The small month, lived once.
    """
    _, outcomes = lived(SMALL)
    return outcomes


@pytest.fixture
def own_wiring(monkeypatch):
    """
    Give back what the month's front door is wired to.
    """
    for name in (*MADE, *KNOWN):
        monkeypatch.setitem(vars(wiring), name, None)


@pytest.mark.rule("28", "31", "34", "D16", "D18")
class TestSmallMonth:
    def test_wrongs_nobody(self, small):
        """
        Through a storm and five hours without the cloud: nobody who kept his time is turned away or loses his deposit.
        """
        assert [] == small.wrongs
        assert 0 == small.counts["wrongly_annulled"]
        assert 100 < small.counts["admitted"]

    def test_says_why_the_gate_stood(self, small):
        """
        What it admitted and what it stood make up the time in which it was open.
        """
        open_ = 2 * 24 - 3
        stood = sum(small.stood.values(), timedelta()) / HOUR
        worked = small.counts["admitted"] / SMALL.per_hour

        assert stood > 0
        assert open_ == pytest.approx(stood + worked, rel=0.06)

    def test_prints_what_is_wanted_beside_what_came(self, small):
        """
        Every figure that is asked for has its row.
        """
        wanted = [wanted for _, _, wanted in rows(small) if wanted]

        assert ["≤ 5 %", "0", "0", "≤ 15 min", "75–85 %"] == wanted

    @pytest.mark.rule("20", "22", "23", "D21")
    def test_is_the_same_month_through_the_api(self, small, own_wiring):
        """
        Users and officers come in by HTTP, by the contract's bodies, rights and keys: entry by entry it is the same month.
        """
        _, again = lived(SMALL, doors=doors)

        assert (small.entries, small.counts) == (again.entries, again.counts)


@pytest.mark.slow
@pytest.mark.rule("28", "31", "34", "D1", "D16", "D18", "D21")
class TestWholeMonth:
    def test_reaches_what_is_wanted_of_it(self):
        """
        Thirty days of Nur Zholy, a gate at 80 % of its plan, a quarter never coming, two cuts, a storm, bots: nobody wronged, the gate at work,
        and what is forecast three hours ahead comes true.
        """
        _, outcomes = lived(Scenario())

        assert ([], 0, 0) == (outcomes.wrongs, outcomes.counts["wrongly_forfeited"], outcomes.counts["turned_away"])
        assert outcomes.unused <= 0.05
        assert outcomes.error(3) <= 15
        assert 0.75 <= outcomes.coverage(3) <= 0.85
