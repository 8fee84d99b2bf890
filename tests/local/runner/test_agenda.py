"""
What is due each day, and that a restart neither forgets nor repeats it.
"""

from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.schedule import Step
from local.runner import agenda
from local.runner.agenda import Agenda, Daily
from tests.fakes.rules import RULES

ZONE = ZoneInfo("Asia/Almaty")
MORNING = datetime(2026, 12, 1, 9, tzinfo=ZONE)


@pytest.fixture
def world(monkeypatch):
    """
    A clock, no bookings due, and two works a day: at 00:05 and at 12:00.
    """
    world = SimpleNamespace(now=MORNING, ran=[], fails=False)

    def work(name):
        def run():
            if world.fails:
                raise ConnectionError
            world.ran.append((name, world.now))
            return {}

        return run

    quiet = SimpleNamespace(next_due=lambda *_: None)
    monkeypatch.setattr(
        agenda,
        "wiring",
        SimpleNamespace(
            clock=lambda: SimpleNamespace(now=lambda: world.now),
            rules_on=lambda _: RULES,
            run_step=lambda: quiet,
            deliver_outbox=lambda: quiet,
            apply_measures=lambda: quiet,
        ),
    )
    monkeypatch.setattr(agenda, "STEPS", {})
    for name in ("count_flow", "heal_payments"):
        monkeypatch.setattr(agenda, name, SimpleNamespace(handler=lambda *_: {"changed": 0}))
    monkeypatch.setattr(agenda, "ORDERS", ("orders", lambda: {"changed": 0}))
    monkeypatch.setattr(agenda, "DAILY", (Daily("night", 5, work("night")), Daily("noon", 720, work("noon"))))
    return world


class TestAgenda:
    def test_runs_what_was_missed_once_at_its_first_start(self, world, tmp_path):
        """
        A first start runs the latest occurrence of each work, and not again within the day.
        """
        found = Agenda(memory=tmp_path / "agenda.json")

        assert ["night", "noon"] == [did.step for did in found.run_due()]
        assert [] == found.run_due()

    def test_names_the_next_moment_in_local_time(self, world, tmp_path):
        """
        After nine in the morning comes noon, after noon five past midnight.
        """
        found = Agenda(memory=tmp_path / "agenda.json")

        assert MORNING.replace(hour=12) == found.next_due(after=MORNING)
        assert MORNING.replace(hour=0, minute=5) + timedelta(days=1) == found.next_due(after=MORNING.replace(hour=12))

    def test_runs_each_once_a_day(self, world, tmp_path):
        """
        Looked at every hour for three days: each work ran at the first look after its moment, once a day.
        """
        found = Agenda(memory=tmp_path / "agenda.json")
        found.run_due()
        world.ran.clear()
        for hour in range(1, 73):
            world.now = MORNING + timedelta(hours=hour)
            found.run_due()

        assert ["noon", "night"] * 3 == [name for name, _ in world.ran]
        assert {12, 1} == {moment.hour for _, moment in world.ran}

    def test_remembers_over_a_restart(self, world, tmp_path):
        """
        Another process with the same file repeats nothing.
        """
        Agenda(memory=tmp_path / "agenda.json").run_due()

        assert [] == Agenda(memory=tmp_path / "agenda.json").run_due()

    def test_tries_again_what_failed(self, world, tmp_path):
        """
        A work that failed counts as not done.
        """
        found = Agenda(memory=tmp_path / "agenda.json")
        world.fails = True
        with pytest.raises(ConnectionError):
            found.run_due()
        world.fails = False

        assert ["night", "noon"] == [did.step for did in found.run_due()]


class TestForeseen:
    def test_runs_only_the_steps_that_the_last_look_ahead_found(self, world, tmp_path, monkeypatch):
        """
        Calls are due at ten, reminders at noon, nothing else ever: at ten calls alone are run; a full look runs every step.
        """
        ran = []
        due = {Step.CALL: MORNING.replace(hour=10), Step.REMIND: MORNING.replace(hour=12)}
        steps = {step: (step.value, lambda step=step: ran.append(step) or {"changed": 1}) for step in Step}
        monkeypatch.setattr(agenda, "STEPS", steps)
        monkeypatch.setattr(agenda.wiring, "run_step", lambda: SimpleNamespace(next_due=due.get))
        found = Agenda(memory=tmp_path / "agenda.json")

        assert due[Step.CALL] == found.next_due(after=MORNING)
        world.now = due[Step.CALL]
        found.run_foreseen()
        assert [Step.CALL] == ran
        found.run_due()
        assert {*Step} == set(ran)

    def test_runs_every_step_before_it_has_looked_ahead(self, world, tmp_path, monkeypatch):
        """
        Nothing is foreseen yet: nothing is left out.
        """
        ran = []
        monkeypatch.setattr(agenda, "STEPS", {step: (step.value, lambda step=step: ran.append(step) or {"changed": 0}) for step in Step})
        Agenda(memory=tmp_path / "agenda.json").run_foreseen()

        assert [*Step] == ran
