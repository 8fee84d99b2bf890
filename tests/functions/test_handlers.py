"""
The handlers of the steps, through the wiring, on a real engine: what is due is done, a second run does nothing.
"""

import importlib
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib import wiring
from chalicelib.contracts import messages, topics
from chalicelib.domain.bookings import Status
from chalicelib.domain.registers import CheckResult
from chalicelib.wiring import outside, settlements, site, tasks
from tests.api.forms import ELSEWHERE, HERE
from tests.api.house import built
from tests.factories import batch, beat, seen
from tests.fakes.outside import Link, Messengers

NAMES = sorted(path.parent.name for path in (Path(__file__).parents[2] / "functions").glob("*/handler.py"))
MOST_LINES = 12
DAYS = timedelta(days=3)


@pytest.fixture(scope="module")
def house(engine, tmp_path_factory):
    """
    The wiring on an engine, with the gateways' link and the messenger stood in for.
    """
    with pytest.MonkeyPatch.context() as patch:
        link, messengers = Link(), Messengers()
        patch.setattr(site, "device_link", lambda: link)
        patch.setattr(site, "messenger", messengers)
        patch.setattr(tasks, "payments", lambda: None)
        patch.setattr(
            settlements, "configuration", lambda: replace(outside.configuration(), first_day=wiring.rules_on(now()).today(now()) - DAYS)
        )
        with built(engine, tmp_path_factory.mktemp("functions")) as made:
            made.link, made.messengers = link, messengers
            yield made


def now():
    """
    Give business time.
    """
    return wiring.clock().now()


def run(name, event=None):
    """
    Call a step as Lambda does.
    """
    return importlib.import_module(f"functions.{name}.handler").handler(event, None)


def move_to(house, moment):
    """
    Move business time to a moment.
    """
    house.advance(seconds=(moment - wiring.clock().now()).total_seconds() + 1)


def status(booking):
    """
    Read a booking's status.
    """
    return wiring.store().bookings.get(booking).status


def say(topic, message):
    """
    Spell a record of the gateways' queue.
    """
    return {"messageId": topic, "body": json.dumps({"topic": topic, "payload": messages.to_document(message)})}


def sweep_all():
    """
    Sweep until nothing is delivered any more.
    """
    while run("sweep_outbox")["delivered"]:
        pass


class TestHandlers:
    @pytest.mark.parametrize("name", NAMES)
    def test_do_nothing_when_nothing_is_due(self, house, name):
        """
        Each handler can be called at any time, with an empty event, and says what it did.
        """
        run(name, {"Records": []} if name == "receive_uplink" else {"checkpoints": [ELSEWHERE]})
        answer = run(name, {"Records": []} if name == "receive_uplink" else {"checkpoints": [ELSEWHERE]})

        assert isinstance(answer, dict)
        assert not answer.get("changed")
        assert not answer.get("opened")
        assert not answer.get("settled")

    @pytest.mark.rule("20", "29", "34", "35")
    def test_carry_a_booking_from_notice_to_no_show(self, house):
        """
        Notice, call, and after the gateway's report the annulment, each by its step at its moment; notices are sent, once.
        """
        booking = house.confirmed(house.user())
        slot = wiring.store().bookings.get(booking).slot_end
        assert 1 == run("remind")["changed"]
        sweep_all()
        move_to(house, wiring.store().bookings.get(booking).slot_start - timedelta(minutes=89))
        assert (1, Status.CALLED) == (run("call_forward")["changed"], status(booking))
        sweep_all()
        move_to(house, slot + timedelta(hours=4))
        run("annul_no_shows")
        assert Status.CALLED == status(booking)
        thing = topics.thing(HERE)
        assert [] == run("receive_uplink", {"Records": [say(topics.heartbeat(thing), beat(wiring.clock().now()))]})["batchItemFailures"]
        house.advance(hours=12)
        assert (1, Status.ANNULLED) == (run("annul_no_shows")["changed"], status(booking))
        sweep_all()

        sent = [message_id for message_id in house.messengers.sent if booking in message_id]
        assert ["confirmed", "reminded", "called", "annulled"] == [
            name for name in ("confirmed", "reminded", "called", "annulled") if any(f".{name}." in id_ for id_ in sent)
        ]
        assert house.link.boards
        assert {HERE} <= {sent.checkpoint for sent in house.link.admissions}

    def test_give_back_only_the_records_that_failed(self, house):
        """
        A poison record in a batch comes again by itself; what is around it is taken in.
        """
        booking = house.confirmed(house.user())
        thing, now = topics.thing(HERE), wiring.clock().now()
        good = say(topics.journal(thing), batch(seen(1, "wa-in", booking, at=now), journal="jr_handlers"))
        poison = {"messageId": "poison", "body": '{"topic": "queue/gw-nur-zholy/journal", "payload": 5}'}
        broken = {"messageId": "broken", "body": "not json"}

        answer = run("receive_uplink", {"Records": [poison, good, broken]})

        assert [{"itemIdentifier": "poison"}, {"itemIdentifier": "broken"}] == answer["batchItemFailures"]
        assert Status.ARRIVED == status(booking)
        assert (HERE, "jr_handlers", 1) in house.link.acknowledged

    @pytest.mark.rule("25", "D27")
    def test_ring_thirty_days_before_fees_are_unknown(self, house):
        """
        Silent on the thirty-first day before, ringing from the thirtieth on.
        """
        left = run("watch_fees")["days"]
        house.advance(days=left - 31)
        silent = run("watch_fees")
        house.advance(days=1)
        ringing = run("watch_fees")
        house.advance(days=30 - left)

        assert ([31, False], [30, True]) == ([silent["days"], silent["ringing"]], [ringing["days"], ringing["ringing"]])

    @pytest.mark.rule("24")
    def test_settle_and_open_the_next_day(self, house):
        """
        A day later the horizon has its next day, and the closed days are settled once.
        """
        house.confirmed(house.user())
        run("open_days", {"checkpoints": [HERE]})
        house.advance(days=1)
        assert 1 == run("open_days", {"checkpoints": [HERE]})["opened"]
        runs = [run("settle_days")["settled"] for _ in range(20)]

        days = [day for settled in runs for day in settled]
        assert sorted(set(days)) == days
        assert [] == runs[-1]

    @pytest.mark.rule("D11")
    def test_tidy_what_ran_out_and_ask_silent_registers_again(self, house):
        """
        A hold that lapsed is written down; a register that was silent is asked again by its step.
        """
        user = house.user()
        held = house.applied(user)
        house.post(f"/v1/bookings/{held}/place", user, {"slot_start": "first_free"})
        house.registers.answers["2"] = CheckResult.UNAVAILABLE
        waiting = house.applied(house.user())
        assert Status.VERIFYING == status(waiting)
        house.registers.answers.clear()
        house.advance(minutes=31)

        assert run("tidy_holds")["changed"] >= 1
        assert run("verify_bookings")["changed"] >= 1
        assert (Status.EXPIRED, Status.VERIFIED) == (status(held), status(waiting))

    def test_publish_lists_and_boards_of_known_gateways(self, house):
        """
        Every gateway ever heard of gets its list and board anew.
        """
        run("receive_uplink", {"Records": [say(topics.heartbeat(topics.thing(HERE)), beat(wiring.clock().now()))]})
        before = len(house.link.admissions), len(house.link.boards)

        assert {"published": len(wiring.store().passages.gateways())} == run("refresh_admissions")
        assert (before[0] + 1, before[1] + 1) <= (len(house.link.admissions), len(house.link.boards))

    @pytest.mark.parametrize("name", NAMES)
    def test_are_a_few_lines(self, name):
        """
        A handler orders; what it orders is elsewhere.
        """
        source = (Path(__file__).parents[2] / "functions" / name / "handler.py").read_text()
        body = source.split("def handler", 1)[1].splitlines()

        assert len([line for line in body if line.strip()]) <= MOST_LINES + 4
