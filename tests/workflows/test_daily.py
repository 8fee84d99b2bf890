"""
The morning's order of steps, executed: complaints to their end, the fees' term, money for the budget (§6-2, §24, §25).
"""

import pytest

from chalicelib import wiring
from chalicelib.domain.complaints import About, ComplaintStatus
from infra.workflows import definition, steps_of
from local.runner.agenda import MORNINGS, NIGHTLY
from tests.api.house import built
from tests.workflows.interpreter import Interpreter
from tests.workflows.test_nightly import Flaky

ORDER = ["remind_complaints", "watch_fees", "watch_settlements"]


def stand_ins(**changes):
    """
    Steps that find nothing to do, but those named.
    """
    quiet = {"remind_complaints": {"more": False}, "watch_fees": {"ringing": False}, "watch_settlements": {"late": []}}
    return {name: changes.get(name) or Flaky(0, answer) for name, answer in quiet.items()}


class TestDaily:
    @pytest.mark.rule("6-2", "24", "25", "D22", "D27", "D29")
    def test_reminds_and_watches_on_the_real_handlers(self, engine, tmp_path, monkeypatch):
        """
        A complaint registered a fortnight ago is overdue: it is told of at the first morning, and not again at the second.
        """
        with built(engine, tmp_path) as house:
            headers = house.user()
            body = {"about": About.OTHER.value, "text": "Прошу разобраться"}
            complaint = house.post("/v1/me/complaints", headers, body, key="complaint").json["id"]
            house.advance(days=14)

            status, output, _ = Interpreter(monkeypatch).run("daily")
            told = wiring.store().complaints.complaint(complaint)
            Interpreter(monkeypatch).run("daily")

            assert ("SUCCEEDED", {}) == (status, output["failed"])
            assert (ComplaintStatus.REGISTERED, True) == (told.status, told.overdue_at is not None)
            assert told == wiring.store().complaints.complaint(complaint)

    @pytest.mark.rule("6-2")
    def test_reminds_of_every_complaint_the_same_morning(self, monkeypatch):
        """
        A run of the step looks at a bounded number: it is called again until none waits, not the day after.
        """
        parts = [{"more": True}, {"more": True}, {"more": False}]
        interpreter = Interpreter(monkeypatch, stand_ins(remind_complaints=lambda *_: parts.pop(0)))

        assert "SUCCEEDED" == interpreter.run("daily")[0]
        assert [*["remind_complaints"] * 3, *ORDER[1:]] == interpreter.calls

    @pytest.mark.parametrize("step", ORDER)
    def test_does_the_rest_when_one_fails_for_good_and_says_so(self, monkeypatch, step):
        """
        A step that fails five times keeps no other back; the morning ends as failed, which wakes somebody.
        """
        interpreter = Interpreter(monkeypatch, stand_ins(**{step: Flaky(99, {})}))

        status, _, error = interpreter.run("daily")

        assert ("FAILED", "DayWorkFailed") == (status, error)
        assert ORDER == list(dict.fromkeys(interpreter.calls))
        assert 5 == interpreter.calls.count(step)

    def test_is_what_runs_on_one_machine_too(self):
        """
        The local agenda keeps the machines' order; every task retries, catches and names a step.
        """
        tasks = [state for state in definition("daily")["States"].values() if state["Type"] == "Task"]

        assert ORDER == list(steps_of("daily")) == [daily.name for daily in MORNINGS]
        assert list(steps_of("nightly")) == [daily.name for daily in NIGHTLY]
        assert all(task["Retry"] and task["Catch"] for task in tasks)
