"""
The night's order of steps, executed: what it does on a real engine, and what it does when a step fails.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.wiring import outside, settlements, site
from functions.open_days import handler as open_days
from infra.workflows import definition, steps_of
from tests.api.forms import HERE
from tests.api.house import built
from tests.fakes.outside import Link
from tests.workflows.interpreter import Interpreter

ORDER = ["follow_figures", "open_days", "settle_days", "refresh_admissions", "sweep_orphans"]
DAYS = 3


class Flaky:
    """
    A step that fails some times, or always.
    """

    def __init__(self, fails, answer):
        self.left = fails
        self.answer = answer

    def __call__(self, _event, _context):
        """
        Fail, or answer.
        """
        if self.left:
            self.left -= 1
            raise ConnectionError
        return self.answer


def stand_ins(**changes):
    """
    Steps that find nothing to do, but those named.
    """
    quiet = {
        "follow_figures": {"more": False},
        "open_days": {"opened": 0},
        "settle_days": {"settled": []},
        "refresh_admissions": {"published": 0},
        "sweep_orphans": {"more": False},
    }
    return {name: changes.get(name) or Flaky(0, answer) for name, answer in quiet.items()}


@pytest.fixture
def house(engine, tmp_path, monkeypatch):
    """
    The wiring on an engine, its first day three days ago.
    """
    link = Link()

    def configuration():
        now = wiring.clock().now()
        return replace(outside.configuration(), first_day=wiring.rules_on(now).today(now) - timedelta(days=DAYS))

    monkeypatch.setattr(site, "device_link", lambda: link)
    monkeypatch.setattr(settlements, "configuration", configuration)
    with built(engine, tmp_path) as made:
        made.link = link
        yield made


class TestNightly:
    @pytest.mark.rule("22", "24", "D3", "D23", "D29", "D32")
    def test_opens_settles_and_signs_on_the_real_handlers(self, house, monkeypatch):
        """
        The horizon gets its days, every closed day is settled, and a second night changes nothing.
        """
        house.confirmed(house.user())
        few = {"open_days": lambda *_: open_days.handler({"checkpoints": [HERE]}, None)}
        interpreter = Interpreter(monkeypatch, few)

        status, output, _ = interpreter.run("nightly")

        assert "SUCCEEDED" == status
        assert {} == output["failed"]
        assert ["open_days", "settle_days", "settle_days", "refresh_admissions", "sweep_orphans"] == [
            name for name in interpreter.calls if name in ORDER[1:]
        ]
        assert DAYS == len(wiring.store().ledger.settlements(limit=10, cursor=None).items)
        plans = wiring.store().places.plans(HERE, first=wiring.clock().now().date(), last=wiring.clock().now().date() + timedelta(days=89))
        assert len(plans) >= DAYS
        again = Interpreter(monkeypatch, few)
        assert ("SUCCEEDED", 0) == (again.run("nightly")[0], sum(name == "settle_days" for name in again.calls) - 1)

    @pytest.mark.rule("D29")
    def test_settles_on_until_no_day_is_left(self, monkeypatch):
        """
        A run of the step settles a month at most: it is called again until it settles none.
        """
        backlog = [["2026-12-01"], ["2026-12-02"], []]
        interpreter = Interpreter(monkeypatch, stand_ins(settle_days=lambda *_: {"settled": backlog.pop(0)}))

        assert "SUCCEEDED" == interpreter.run("nightly")[0]
        assert ["follow_figures", "open_days", *["settle_days"] * 3, "refresh_admissions", "sweep_orphans"] == interpreter.calls

    @pytest.mark.rule("34", "D16")
    def test_follows_figures_first_and_to_the_end(self, monkeypatch):
        """
        A changed lead is followed part by part before anything else is done.
        """
        parts = [{"more": True}, {"more": True}, {"more": False}]
        interpreter = Interpreter(monkeypatch, stand_ins(follow_figures=lambda *_: parts.pop(0)))

        assert "SUCCEEDED" == interpreter.run("nightly")[0]
        assert [*["follow_figures"] * 3, *ORDER[1:]] == interpreter.calls

    @pytest.mark.rule("D31")
    def test_forgets_people_last_and_to_the_end(self, monkeypatch):
        """
        What nobody needs any more is swept part by part, once everything else is done.
        """
        parts = [{"more": True}, {"more": False}]
        interpreter = Interpreter(monkeypatch, stand_ins(sweep_orphans=lambda *_: parts.pop(0)))

        assert "SUCCEEDED" == interpreter.run("nightly")[0]
        assert [*ORDER, "sweep_orphans"] == interpreter.calls

    def test_tries_a_failing_step_again(self, monkeypatch):
        """
        Two failures are forgotten at the third try.
        """
        interpreter = Interpreter(monkeypatch, stand_ins(open_days=Flaky(2, {"opened": 1})))

        assert "SUCCEEDED" == interpreter.run("nightly")[0]
        assert [ORDER[0], "open_days", "open_days", *ORDER[1:]] == interpreter.calls

    @pytest.mark.parametrize("step", ORDER)
    def test_does_the_rest_when_one_fails_for_good_and_says_so(self, monkeypatch, step):
        """
        A step that fails five times keeps no other back; the night ends as failed, which wakes somebody.
        """
        interpreter = Interpreter(monkeypatch, stand_ins(**{step: Flaky(99, {})}))

        status, _, error = interpreter.run("nightly")

        assert ("FAILED", "NightWorkFailed") == (status, error)
        assert ORDER == list(dict.fromkeys(interpreter.calls))
        assert 5 == interpreter.calls.count(step)

    def test_is_written_as_a_machine_should_be(self):
        """
        Every task retries, catches and names a step; every state is reached.
        """
        states = definition("nightly")["States"]
        tasks = [state for state in states.values() if state["Type"] == "Task"]

        assert ORDER == list(steps_of("nightly"))
        assert all(task["Retry"] and task["Catch"] for task in tasks)
