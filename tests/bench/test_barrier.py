import asyncio

import pytest

from bench import barrier
from bench.barrier import Truck, drawn, measure
from iot.gate.likelihood import Plate
from local.pictures import draw_truck


@pytest.mark.slow
class TestMeasure:
    def test_times_those_that_were_let_in_and_counts_the_others(self, tmp_path, monkeypatch):
        """
        Called or not, two expected trucks get the barrier's order while the cloud is away; a photograph of a stranger gets none.
        """
        monkeypatch.setattr(barrier, "LISTED", 30)
        stranger = Truck(Plate("KZ", "777KLM05"), draw_truck(plate="111XYZ09", seed=3))
        ways, shut = asyncio.run(measure([*drawn(2), stranger], state=tmp_path))
        assert (2, {"UNKNOWN_VEHICLE": 1}) == (len(ways), shut)
        assert all(0 < way.read <= way.decided <= way.ordered for way in ways)
        assert all(0 < way.spent for way in ways)
