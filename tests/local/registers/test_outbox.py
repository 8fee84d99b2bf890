import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from chalicelib.gateways.push import PushService
from chalicelib.gateways.sms import CenterAwayError, SmsCenter, UnableToSendError
from tests.local.registers.process import RegistersProcess

PHONE = "+77010000001"


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    """
    One message center for a module's tests, an hour ahead of the wall clock.
    """
    folder = tmp_path_factory.mktemp("registers")
    (folder / "clock.json").write_text(json.dumps({"offset_seconds": 3600.0}))
    running = RegistersProcess(folder, clock=folder / "clock.json")
    yield running
    running.kill()


def read(process, **query):
    return httpx.get(f"{process.control}/outbox", params=query).json()["items"]


@pytest.mark.rule("29", "34")
class TestOutbox:
    def test_shows_what_was_sent_newest_first(self, process):
        """
        SMS and push come through one port each and are read in one place.
        """
        SmsCenter(base_url=process.control).send(to=PHONE, text="бірінші", message_id="a-1")
        SmsCenter(base_url=process.control).send(to=PHONE, text="екінші", message_id="a-2")
        PushService(base_url=process.control).send(to="device-token", text="push", message_id="a-2")

        assert [("sms", "екінші"), ("sms", "бірінші")] == [(item["channel"], item["text"]) for item in read(process, to=PHONE)]
        assert ["push"] == [item["channel"] for item in read(process, to="device-token")]
        assert {"to", "channel", "text", "at"} == set(read(process, to=PHONE)[0])

    def test_keeps_a_repeated_message_once(self, process):
        """
        A retry with the same id is the same message.
        """
        for _ in range(3):
            SmsCenter(base_url=process.control).send(to="+77010000002", text="once", message_id="b-1")

        assert 1 == len(read(process, to="+77010000002"))

    def test_stamps_business_time_with_offset(self, process):
        """
        The machine's clock is moved an hour: so is the stamp, in local time.
        """
        SmsCenter(base_url=process.control).send(to="+77010000003", text="when", message_id="c-1")

        at = datetime.fromisoformat(read(process, to="+77010000003")[0]["at"])

        assert timedelta(hours=5) == at.utcoffset()
        assert timedelta(minutes=59) < at - datetime.now(UTC) < timedelta(minutes=61)

    def test_understands_a_plus_that_was_not_escaped(self, process):
        """
        `?to=+7701…` typed by hand finds the same texts.
        """
        SmsCenter(base_url=process.control).send(to="+77010000004", text="plus", message_id="d-1")

        assert 1 == len(httpx.get(f"{process.control}/outbox?to=+77010000004").json()["items"])

    def test_says_so_when_nobody_takes_a_message(self):
        """
        A dead center is one exact error, without number or text; it is nobody's fault who waits for it.
        """
        with pytest.raises(CenterAwayError) as caught:
            SmsCenter(base_url="http://127.0.0.1:1").send(to=PHONE, text="secret", message_id="e-1")

        assert PHONE not in str(caught.value)
        assert "secret" not in str(caught.value)

    def test_refuses_what_is_no_message(self, process):
        """
        The adapter reports a refusal instead of losing the text.
        """
        with pytest.raises(UnableToSendError, match="422"):
            SmsCenter(base_url=process.control).send(to=PHONE, text="", message_id="f-1")
