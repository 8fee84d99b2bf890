"""
Cut off, the gate knows by itself how long a truck has that it saw come or leave (D18, D24).
"""

from datetime import timedelta

import pytest

from chalicelib.contracts.passages import LaneKind
from iot.gate.roll import Expected, Fact, Mark
from tests.iot.gate.lists import NOON, admission
from tests.iot.gate.test_decide import HOUR, judged


@pytest.mark.rule("D24")
class TestSeenSince:
    @pytest.mark.rule("28", "D18")
    @pytest.mark.parametrize(
        ("ends_in", "marks", "now_in", "lets_in"),
        [
            (0, {}, 0, False),
            (0, {Fact.LEFT_AREA: -10}, 0, True),
            (0, {Fact.LEFT_AREA: -10}, 49, True),
            (0, {Fact.LEFT_AREA: -10}, 50, False),
            (0, {Fact.ARRIVED: -10}, 49, True),
            (0, {Fact.ARRIVED: -10}, 50, False),
            (30, {Fact.LEFT_AREA: -60}, 29, True),
            (30, {Fact.LEFT_AREA: -60}, 30, False),
        ],
    )
    def test_a_vehicle_seen_since_has_its_hour(self, ends_in, marks, now_in, lets_in):
        """
        The list's word is `leave_by`; a truck that the gate saw come or leave meanwhile has its hour from there, cut off as it is (minutes).
        """
        told = NOON + timedelta(minutes=ends_in)
        word = admission(expires_at=told, ends_at=told, call_due_at=NOON - 4 * HOUR, called_at=NOON - 4 * HOUR)
        seen = Expected(word, tuple(Mark(fact=fact, at=NOON + timedelta(minutes=at), spent=True) for fact, at in marks.items()))

        action, reason, _ = judged(LaneKind.ENTRY, seen, now=NOON + timedelta(minutes=now_in), connected=False)
        assert ("open", "MATCH") == (action, reason) if lets_in else ("stay", "EXPIRED") == (action, reason)
