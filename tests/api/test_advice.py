"""
The capacity that an officer is advised, beside the one he orders (§6, §22, D1).
"""

from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.counting import FlowRecord
from chalicelib.domain.experience import Experience
from chalicelib.usecases.ports import Write
from tests.api.forms import ELSEWHERE


@pytest.mark.rule("6", "22", "D1")
class TestAdvice:
    def test_is_what_the_gate_serves_in_the_hours_ordered(self, built_house):
        """
        Twelve an hour of whom seven of ten come, over twelve hours: a figure beside the officer's own.
        """
        usual = Experience(shows=(700.0, 1000.0), rates={"3-14": (4800.0, 400.0)})
        wiring.store().commit(Write(FlowRecord(ELSEWHERE, 1, experience=usual)))
        officer, now = built_house.staff("officer", ELSEWHERE), wiring.clock().now()
        body = {"from": str(wiring.rules_on(now).today(now) + timedelta(days=20)), "per_day": 10, "opens": "08:00", "closes": "20:00"}

        path = f"/v1/officer/checkpoints/{ELSEWHERE}/capacity?preview=true"
        shown = built_house.client.send("PUT", path, body=body, headers=officer)

        assert (200, pytest.approx(12 * 12 / 0.7, rel=0.03)) == (shown.status, shown.json["advised_a_day"])
