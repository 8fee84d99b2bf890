from datetime import timedelta

import pytest

from chalicelib.contracts import topics
from chalicelib.contracts.commands import Command, CommandKind, Ground
from tests.iot.gate.lists import NOON, admission
from tests.iot.gate.rig import THING, Rig


@pytest.fixture
def rig(tmp_path):
    return Rig(tmp_path)


def command(**changes):
    fields = {"id": "c-1", "lane": "entry-1", "kind": CommandKind.OPEN, "author": "staff-7", "ground": Ground.EMERGENCY}
    return Command(**(fields | {"valid_until": NOON + timedelta(seconds=30)} | changes))


def results(rig):
    return [entry["command"]["result"] for entry in rig.journal("command")]


@pytest.mark.rule("D26")
class TestCommand:
    def test_opens_once_however_often_it_comes(self, rig):
        """
        MQTT repeats; a restart forgets nothing.
        """
        rig.say(topics.commands(THING), command())
        rig.turns()
        rig.say(topics.commands(THING), command())
        again = rig.restart()
        again.say(topics.commands(THING), command())
        assert ["done", "repeated", "repeated"] == results(again)
        assert ["raise"] == again.motors["entry-1"].orders

    @pytest.mark.parametrize(
        ("changes", "result"),
        [
            ({"valid_until": NOON}, "stale"),
            ({"lane": "wa-in"}, "refused"),
            ({"lane": "nowhere"}, "refused"),
            ({"ground": Ground.MATCH_CONFIRMED}, "refused"),
        ],
    )
    def test_never_fires_late_or_where_there_is_no_barrier(self, rig, changes, result):
        """
        A stale open never fires, also when it comes again; a confirmed match names its booking.
        """
        for _ in range(2):
            rig.say(topics.commands(THING), command(**changes))
        rig.turns()
        assert [result, "repeated"] == results(rig)
        assert [] == [order for motor in rig.motors.values() for order in motor.orders]

    def test_confirming_a_match_admits_the_booking(self, rig):
        """
        The officer's word is a fact as the gate's own: not twice in, and out again.
        """
        rig.expect(admission(arrived_at=None))
        assert ("stay", "NOT_FROM_WAITING_AREA") == rig.show("entry-1")
        rig.say(topics.commands(THING), command(ground=Ground.MATCH_CONFIRMED, booking="b-123ABC02"))
        rig.turns()
        assert ("stay", "ALREADY_ADMITTED") == rig.show("entry-1")
        assert ("open", "MATCH") == rig.show("exit-1")
        told = [entry["decision"] for entry in rig.journal("command")]
        assert [("open", "OFFICER_CONFIRMED", "b-123ABC02", "officer")] == [
            (one["action"], one["reason"], one["booking"], one["by"]) for one in told
        ]

    def test_in_an_emergency_admits_nobody(self, rig):
        """
        Counted, but nobody's passage.
        """
        rig.expect(admission())
        rig.say(topics.commands(THING), command(booking="b-123ABC02"))
        rig.turns()
        assert ("open", "MATCH") == rig.show("entry-1")

    def test_closes(self, rig):
        """
        Before its time.
        """
        rig.say(topics.commands(THING), command())
        rig.turns()
        rig.say(topics.commands(THING), command(id="c-2", kind=CommandKind.CLOSE))
        assert ["raise", "lower"] == rig.motors["entry-1"].orders
