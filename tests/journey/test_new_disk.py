"""
A gateway whose disk was replaced: its journal begins anew, and nothing that the old one told is lost or taken for a duplicate.
"""

import os
import signal
from datetime import timedelta

import pytest

from tests.journey.audit import Audit

pytestmark = [pytest.mark.xdist_group("system"), pytest.mark.timeout(300)]


@pytest.mark.rule("D24")
class TestNewDisk:
    def test_goes_on_where_the_old_one_ended(self, system, checkpoint):
        """
        The truck arrives, the disk dies, the truck enters: the new gate asks for the list and knows from the cloud that the truck was seen;
        both journals lie whole in the store, and later absence is reported by the new one.
        """
        journey = checkpoint.booked()
        ahead = journey.slot - checkpoint.door.now() - timedelta(minutes=1)
        absent = checkpoint.booked(ahead=ahead)
        checkpoint.door.skip_to(journey.slot - timedelta(minutes=20))
        assert "arrived" == checkpoint.read("wa-in", journey.truck.plate)["action"]
        journey._until("arrived")
        checkpoint.settle()
        old = set(Audit(system).journals())
        for file in (system.state / "gateways" / checkpoint.name / "gate").glob("gate.db*"):
            file.unlink()
        os.kill(system.processes()[f"gate:{checkpoint.name}"], signal.SIGKILL)

        checkpoint.until(lambda: checkpoint.read("entry-1", journey.truck.plate)["action"] == "open", what="admitted by the new gate")
        journey._until("admitted")
        checkpoint.door.skip_to(absent.end + timedelta(minutes=63))
        absent._until("annulled")
        journals = Audit(system).journals()
        assert 1 == len(set(journals) - old)
        for sequences in journals.values():
            assert sequences == list(range(1, len(sequences) + 1))
