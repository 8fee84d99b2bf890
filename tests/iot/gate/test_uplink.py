import threading
from datetime import timedelta

import pytest

from chalicelib.contracts import topics
from chalicelib.contracts.messages import from_document
from chalicelib.contracts.passages import Acknowledgement, BarrierState, DeviceHealth, Heartbeat
from iot.gate.connection import Connection
from iot.gate.health import Health
from iot.gate.uplink import Uplink
from iot.kit.link import UnableToPublishError
from tests.iot.gate.lists import NOON, admission
from tests.iot.gate.rig import THING, Rig


@pytest.fixture
def rig(tmp_path):
    return Rig(tmp_path)


def beats(rig):
    return [from_document(Heartbeat, one) for one in rig.link.on(topics.heartbeat(THING))]


def wanted(rig):
    return [one["have"] for one in rig.link.on(topics.admissions_wanted(THING))]


class TestHeartbeat:
    def test_comes_every_five_seconds_and_says_how_far_the_journal_is(self, rig):
        """
        Identity, last sequence, gate time, list in force.
        """
        rig.expect(admission(), version=3)
        rig.show("wa-in")
        for _ in range(11):
            rig.uplink.turn()
            rig.monotonic.advance(1)
        assert 3 == len(beats(rig))
        assert (rig.records.journal.id, 1, NOON, 3) == (
            beats(rig)[-1].journal,
            beats(rig)[-1].last_sequence,
            beats(rig)[-1].at,
            beats(rig)[-1].admissions_version,
        )

    @pytest.mark.rule("D18")
    def test_follows_at_once_when_business_time_leaps(self, rig):
        """
        The cloud waits for word from beyond the moment it judges.
        """
        rig.uplink.turn()
        rig.clock.advance(3600)
        rig.uplink.turn()
        assert [NOON, NOON + timedelta(hours=1)] == [beat.at for beat in beats(rig)]

    @pytest.mark.rule("D18")
    def test_never_tells_a_time_before_an_entry_it_does_not_count(self, rig):
        """
        Entries are written under the same lock: a heartbeat waits for one under way.
        """
        told = threading.Event()

        def turn():
            rig.uplink.turn()
            told.set()

        with rig.records.database.transaction():
            beating = threading.Thread(target=turn)
            beating.start()
            assert not told.wait(0.2)
        beating.join(5)
        assert told.is_set()


class TestReconnection:
    def test_probes_each_second_while_cut_off_and_then_sends_everything(self, rig):
        """
        Nothing of the journal is tried in vain; all of it follows the first heartbeat taken.
        """
        rig.link.cut = True
        rig.uplink.turn()
        assert not rig.uplink.connection.up(now=0)
        rig.show("wa-in")
        rig.show("wa-in")
        rig.link.cut = False
        rig.uplink.turn()
        assert rig.uplink.connection.up(now=0)
        kinds = [topic.rsplit("/", 1)[1] for topic, _ in rig.link.cloud]
        assert ["heartbeat", "journal"] == kinds[:2]
        assert [1, 2] == [one["sequence"] for one in rig.link.on(topics.journal(THING))[0]["entries"]]

    def test_sends_again_what_was_under_way_at_the_cut(self, rig):
        """
        It may be lost; the receiver knows it by its sequence.
        """
        rig.show("wa-in")
        rig.uplink.turn()
        rig.link.cut = True
        rig.monotonic.advance(1)
        rig.show("wa-in")
        rig.uplink.turn()
        rig.link.cut = False
        rig.uplink.turn()
        assert [[1], [1, 2]] == [[one["sequence"] for one in batch["entries"]] for batch in rig.link.on(topics.journal(THING))]

    def test_asks_for_admissions_and_its_shadow_anew(self, rig):
        """
        At the start, after each cut, and every ten seconds while it has no valid list.
        """
        rig.uplink.turn()
        rig.uplink.turn()
        assert [0] == wanted(rig)
        rig.monotonic.advance(10)
        rig.uplink.turn()
        assert [0, 0] == wanted(rig)
        rig.expect(admission(), version=5)
        rig.monotonic.advance(10)
        rig.uplink.turn()
        assert [0, 0] == wanted(rig)
        rig.link.cut = True
        rig.monotonic.advance(5)
        rig.uplink.turn()
        rig.link.cut = False
        rig.uplink.turn()
        assert [0, 0, 5] == wanted(rig)
        assert 2 == len(rig.link.on(f"$aws/things/{THING}/shadow/name/gate/get"))

    def test_asks_again_once_the_list_is_over(self, rig):
        """
        A gate without a valid list lets nobody in.
        """
        rig.expect(admission(), version=5, valid_for=timedelta(hours=1))
        rig.uplink.turn()
        rig.clock.advance(3600)
        rig.monotonic.advance(10)
        rig.uplink.turn()
        assert [5, 5] == wanted(rig)


class TestProbe:
    def test_is_answered_by_the_uplinks_own_thread(self, rig):
        """
        Yes when a heartbeat is taken now, no when it is not, no when nobody answers in time.
        """
        uplink = Uplink(link=rig.link, records=rig.records, health=rig.health, connection=Connection())
        assert not uplink.probe(timeout=0.05)
        stopped = threading.Event()
        runner = threading.Thread(target=uplink.run, kwargs={"stopped": stopped})
        runner.start()
        answers = []
        for cut in (False, True, False):
            rig.link.cut = cut
            answers.append(uplink.probe(timeout=5))
        stopped.set()
        uplink.wake()
        runner.join(5)
        assert [True, False, True] == answers


class TestConnection:
    def test_is_up_after_a_message_was_taken_and_for_three_heartbeats(self):
        """
        Silence is a cut too: a half-open line answers nothing.
        """
        connection = Connection()
        assert not connection.up(now=0)
        connection.taken(now=0)
        assert (True, False) == (connection.up(now=15), connection.up(now=15.1))
        connection.taken(now=20)
        connection.failed()
        assert not connection.up(now=20)

    def test_counts_how_often_it_came_back(self):
        """
        Each time what was under way goes out anew.
        """
        connection = Connection()
        for step in (connection.taken, connection.taken, None, connection.taken):
            step(now=1) if step else connection.failed()
        assert 2 == connection.times_restored


class TestDeaf:
    def test_counts_as_cut_off_when_nobody_acknowledges(self, rig):
        """
        A nucleus that merely spools takes everything; a minute of unacknowledged entries tells the truth, one acknowledgement ends it.
        """
        rig.show("wa-in")
        rig.uplink.turn()
        assert rig.uplink.probe(timeout=1)
        rig.monotonic.advance(59)
        assert rig.uplink.probe(timeout=1)
        rig.monotonic.advance(1)
        assert not rig.uplink.probe(timeout=1)
        rig.records.journal.acknowledge(Acknowledgement(journal=rig.records.journal.id, upto=1))
        assert rig.uplink.probe(timeout=1)


class TestHealth:
    def test_tells_of_each_camera_and_barrier(self, rig):
        """
        Since when, and in which state.
        """
        health = Health(settings=rig.records.settings, now=NOON)
        later = NOON + timedelta(seconds=9)
        health.frame_seen(lane="wa-in", at=later)
        health.barrier_is(lane="exit-1", state=BarrierState.FAULTED, at=later)
        told = {one.device: (one.ok, one.state, one.since) for one in health.devices(moment=0)}
        assert {"camera-wa-in", "camera-wa-out", "camera-entry-1", "camera-exit-1", "barrier-entry-1", "barrier-exit-1"} == set(told)
        assert (True, "seen", later) == told["camera-wa-in"]
        assert (True, "no frame yet", NOON) == told["camera-wa-out"]
        assert (False, "faulted", later) == told["barrier-exit-1"]

    def test_takes_silence_of_what_used_to_report_for_a_fault(self, rig):
        """
        Twenty seconds: four reports.
        """
        health = Health(settings=rig.records.settings, now=NOON)
        health.reported(DeviceHealth(device="board", kind="board", lane="", ok=True, state="showing", since=NOON), moment=0)
        states = [{one.device: one.state for one in health.devices(moment=moment)}["board"] for moment in (20, 20.1)]
        assert ["showing", "silent"] == states


class TestTurn:
    def test_lets_only_the_links_own_refusal_pass(self, rig):
        """
        Any other fault ends the thread, and with it the process.
        """

        def fail(**_):
            raise KeyError("a bug")

        rig.link.publish_to_cloud = fail
        with pytest.raises(KeyError):
            rig.uplink.turn()

        def refuse(**_):
            raise UnableToPublishError("cut")

        rig.link.publish_to_cloud = refuse
        rig.uplink.turn()
