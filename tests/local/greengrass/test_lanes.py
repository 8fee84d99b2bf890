import asyncio
from datetime import UTC, datetime

import pytest

from chalicelib.contracts import messages
from iot.kit.clock import BusinessClock
from local.greengrass import lanes
from local.greengrass.bus import Bus, Subscription
from local.greengrass.lanes import Lanes, NoDecisionError, parse_reading


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(lanes, "DECISION_SECONDS", 0.2)


def make(bus, tmp_path, clock_file=None):
    return Lanes(("entry-1",), bus=bus, spool=tmp_path, clock=BusinessClock(offset_file=clock_file))


class TestFrame:
    def test_is_taken_back_when_nobody_decides(self, tmp_path, hurried):
        """
        A picture that was not decided about in time is not left in the spool, where it would open a barrier later.
        """

        async def scene():
            bus = Bus()
            bus.subscribe(Subscription("reader/entry-1/report", "gate", lambda *_: None))
            await make(bus, tmp_path).frame("entry-1", b"\xff")

        with pytest.raises(NoDecisionError):
            asyncio.run(scene())
        assert [] == list((tmp_path / "entry-1").iterdir())

    def test_waits_for_a_gate_that_is_being_restarted(self, tmp_path, hurried):
        """
        The picture is shown only once somebody listens for its reading.
        """

        async def scene():
            bus, shown = Bus(), []
            asking = asyncio.create_task(make(bus, tmp_path).frame("entry-1", b"\xff"))
            await asyncio.sleep(0.05)
            shown.append(len(list((tmp_path / "entry-1").glob("*.jpg"))))
            bus.subscribe(Subscription("reader/entry-1/report", "gate", lambda *_: None))
            await asyncio.sleep(0.05)
            shown.append(len(list((tmp_path / "entry-1").glob("*.jpg"))))
            with pytest.raises(NoDecisionError):
                await asking
            return shown

        assert [0, 1] == asyncio.run(scene())


class TestReading:
    def test_is_given_again_to_a_gate_that_was_killed(self, tmp_path, hurried):
        """
        A report that died with its gate reaches the next one, under the same frame id, and its decision is the answer.
        """

        async def scene():
            bus, seen = Bus(), []
            dying = Subscription("reader/entry-1/report", "gate", lambda _, document: seen.append(lanes.content(document)))
            bus.subscribe(dying)
            asking = asyncio.create_task(make(bus, tmp_path).reading("entry-1", ()))
            await asyncio.sleep(0.05)
            bus.unsubscribe(dying)

            def decide(_, document):
                seen.append(lanes.content(document))
                word = {**seen[-1], "decision": {"action": "stay", "reason": "NO_LIST"}}
                bus.publish("gate/entry-1/decision", {"jsonMessage": {"message": word}}, by="gate")

            bus.subscribe(Subscription("reader/entry-1/report", "gate", decide))
            return await asking, seen

        decision, seen = asyncio.run(scene())
        assert "NO_LIST" == decision.decision.reason
        assert [decision.frame] * 2 == [report["frame"] for report in seen]

    def test_bears_business_time(self, tmp_path, hurried):
        """
        A reading is dated by the site's clock, which may have been moved.
        """
        (tmp_path / "clock.json").write_text('{"offset_seconds": 86400}')
        reports = []

        async def scene():
            bus = Bus()
            bus.subscribe(Subscription("reader/entry-1/report", "gate", lambda _, document: reports.append(lanes.content(document))))
            await make(bus, tmp_path / "spool", tmp_path / "clock.json").reading("entry-1", ())

        with pytest.raises(NoDecisionError):
            asyncio.run(scene())
        ahead = datetime.fromisoformat(reports[0]["at"]) - datetime.now(UTC)
        assert 86390 < ahead.total_seconds() < 86410

    def test_loses_separators_with_their_confidences(self):
        """
        `char_confidences` fit the text as printed or as normalized; anything else is refused.
        """
        printed = {"text": "7 а", "country": "KZ", "confidence": 1, "char_confidences": [0.1, 0.2, 0.3]}

        assert (0.1, 0.3) == parse_reading(printed).char_confidences
        assert (0.1, 0.3) == parse_reading({**printed, "char_confidences": [0.1, 0.3]}).char_confidences
        with pytest.raises(messages.UnableToParseError, match="char_confidences"):
            parse_reading({**printed, "char_confidences": [0.1]})
