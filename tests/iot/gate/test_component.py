from dataclasses import replace

import pytest

from chalicelib.contracts import topics
from chalicelib.contracts.passages import Acknowledgement, DeviceHealth, PhotoGranted
from iot.gate.motor import Boom
from tests.iot.gate.lists import NOON, admission, confirmed
from tests.iot.gate.rig import SIGNER, THING, Rig

SHA256 = "ab" * 32


@pytest.fixture
def rig(tmp_path):
    return Rig(tmp_path)


class TestPassage:
    def test_goes_the_whole_way_of_one_truck(self, rig):
        """
        Arrived, departed, admitted, crossed: each journaled with its number, its list's version and its lane.
        """
        rig.expect(admission(arrived_at=None), version=4)
        steps = [rig.show(lane)[0] for lane in ("wa-in", "wa-out", "entry-1")]
        rig.turns()
        steps.append(rig.show("exit-1")[0])
        assert ["arrived", "departed", "open", "open"] == steps
        passages = rig.journal("passage")
        assert [("wa-in", 4), ("wa-out", 4), ("entry-1", 4), ("exit-1", 4)] == [
            (one["lane"], one["admissions_version"]) for one in passages
        ]
        assert {"NZH-123ABC02"} == {one["decision"]["booking_number"] for one in passages}

    def test_is_committed_before_the_barrier_moves(self, rig):
        """
        The journal holds the decision when the motor gets its order.
        """
        rig.expect(admission())
        seen = []
        rig.motors["entry-1"].raise_boom = lambda: seen.append([one["decision"]["action"] for one in rig.journal("passage")])
        rig.show("entry-1")
        assert [["open"]] == seen

    def test_of_the_same_frame_twice_is_one_passage(self, rig):
        """
        The site hears the same word again; nothing else happens.
        """
        rig.expect(admission())
        first = rig.show("entry-1", frame="f-1")
        assert first == rig.show("entry-1", frame="f-1")
        assert (1, ["raise"]) == (len(rig.journal("passage")), rig.motors["entry-1"].orders)

    def test_keeps_the_photograph_to_offer_it(self, rig):
        """
        By its hash; what is none is not a file name of ours.
        """
        rig.show("entry-1", photo=SHA256)
        rig.show("entry-1", photo="../../etc/passwd")
        assert {SHA256} == rig.records.photos.pending()
        assert [SHA256, None] == [one.get("photo") for one in rig.journal("passage")]

    def test_on_a_faulted_barrier_marks_nothing(self, rig):
        """
        The truck has not been admitted; repaired, the barrier opens for it.
        """
        rig.expect(admission())
        rig.motors["entry-1"].at = Boom.BETWEEN
        rig.turns()
        assert ("stay", "BARRIER_FAULTED") == rig.show("entry-1")
        rig.turns(seconds=30)
        rig.turns()
        assert ("open", "MATCH") == rig.show("entry-1")

    def test_reports_what_is_no_picture(self, rig):
        """
        The officer sees why.
        """
        assert ("stay", "NOT_A_PICTURE") == rig.show("entry-1", error="NOT_A_PICTURE")

    def test_drops_what_is_no_report(self, rig):
        """
        Garbage and unknown lanes neither stop the gate nor reach the journal.
        """
        for payload in (b"", b"{", b"[]", b'{"frame": 1}', b'{"frame":"f","lane":"other","at":"2026-12-03T12:00:00+05:00","readings":[]}'):
            rig.say("reader/entry-1/report", payload)
        assert [] == rig.journal("passage")
        assert ("stay", "NO_LIST") == rig.show("entry-1")


@pytest.mark.rule("D24")
class TestCutOff:
    def test_finds_out_whether_the_cloud_hears_it_when_the_decision_hangs_on_it(self, rig):
        """
        A cut that no heartbeat has noticed yet is noticed now.
        """
        rig.expect(confirmed(arrived_at=NOON))
        rig.uplink.turn()
        assert ("stay", "NOT_CALLED") == rig.show("entry-1")
        rig.link.cut = True
        assert ("open", "MATCH") == rig.show("entry-1")

    def test_does_not_ask_when_nothing_hangs_on_it(self, rig):
        """
        A called truck is not kept waiting for a dead line.
        """
        rig.expect(admission())
        asked = []
        rig.uplink.probe = lambda *, timeout: asked.append(timeout)
        assert ("open", "MATCH") == rig.show("entry-1")
        assert [] == asked


class TestCloud:
    def test_takes_a_list_from_its_parts_and_tells_the_shadow(self, rig):
        """
        In force at once for the next frame.
        """
        rig.uplink.turn()
        for part in SIGNER.parts([admission()], version=2, parts=2):
            rig.say(topics.admissions(THING), part)
        rig.uplink.turn()
        assert ("open", "MATCH") == rig.show("entry-1")
        reported = rig.link.on(f"$aws/things/{THING}/shadow/name/gate/update")
        assert [SIGNER.keys and 2] == [
            rig.records.store.hear_of(one["state"]["reported"]["admissions"]["token"]).version for one in reported
        ]

    @pytest.mark.parametrize("wrap", [lambda token: {"state": {"desired": token}}, lambda token: {"state": token}])
    def test_asks_for_the_list_that_its_shadow_names(self, rig, wrap):
        """
        From a document or a delta; what another key signed is not asked for.
        """
        rig.expect(admission())
        rig.uplink.turn()
        asked = len(rig.link.on(topics.admissions_wanted(THING)))
        token = SIGNER.parts([], version=9)[0].token
        rig.say(f"$aws/things/{THING}/shadow/name/gate/get/accepted", wrap({"admissions": {"token": token}}))
        rig.monotonic.advance(10)
        rig.uplink.turn()
        assert [{"have": 1}] == rig.link.on(topics.admissions_wanted(THING))[asked:]

    def test_survives_lists_and_shadows_that_are_not_to_be_believed(self, rig):
        """
        The list in force stays.
        """
        rig.expect(admission())
        part = SIGNER.parts([admission("777KLM05")], version=2)[0]
        rig.say(topics.admissions(THING), replace(part, token="nonsense"))
        rig.say(topics.admissions(THING), b"nonsense")
        for document in (b"nonsense", b"[]", b'{"state":null}', b'{"state":{"admissions":{"token":"nonsense"}}}'):
            rig.say(f"$aws/things/{THING}/shadow/name/gate/update/delta", document)
        assert ("open", "MATCH") == rig.show("entry-1")

    def test_forgets_acknowledged_entries_and_reports_the_rest_to_who_waits(self, rig):
        """
        A drain is told how much is left, each time that is less, until nothing is.
        """
        rig.show("entry-1")
        rig.show("entry-1")
        rig.say("gate/drain/request", {"id": "d-1"})
        for upto in (1, 2):
            rig.say(topics.acknowledgement(THING), Acknowledgement(journal=rig.records.journal.id, upto=upto))
        rig.gate.turn()
        assert [("d-1", 2), ("d-1", 1), ("d-1", 0)] == [
            (one["id"], one["pending"]) for one in rig.link.on("gate/drain/report", side="site")
        ]
        assert [2] == [len(one["entries"]) for one in rig.link.on(topics.journal(THING))][:1]

    def test_hands_grants_on_and_notes_health(self, rig):
        """
        To the thread that uploads; into the next heartbeat.
        """
        granted = PhotoGranted(sha256=SHA256, expires_at=NOON, url="http://127.0.0.1/x")
        rig.say(topics.photo_granted(THING), granted)
        rig.say("board/health", DeviceHealth(device="board", kind="board", lane="", ok=True, state="showing", since=NOON))
        rig.uplink.turn()
        assert [granted] == rig.grants
        assert "board" in {one["device"] for one in rig.link.on(topics.heartbeat(THING))[-1]["devices"]}
