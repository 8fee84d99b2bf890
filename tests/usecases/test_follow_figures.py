"""
A changed figure reaches what is planned: calls, notices and terms of bookings made under the old one (§29, §34, D16; decision 0031).
"""

import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import schedule
from chalicelib.domain.bookings import Status
from chalicelib.domain.progress import Progress, mark_of
from chalicelib.domain.schedule import NextStep, Step
from chalicelib.store.store import Store
from chalicelib.usecases import follow_figures
from chalicelib.usecases.follow_figures import NAME, ROOMS, FollowFigures
from chalicelib.usecases.ports import StoreBusyError, Write
from tests.conftest import settings_of
from tests.factories import SLOT, minutes
from tests.fakes import faults, samples
from tests.fakes.authority import Interrupted
from tests.fakes.outside import StandingClock
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW, utc

LONGER = replace(RULES, call_lead_winter=minutes(240))


class Figures:
    """
    A store under figures that somebody changes, and the step on it.
    """

    def __init__(self, engine):
        self.rules, self.clock = RULES, StandingClock()
        self.store = Store(settings_of(engine), next_step=lambda booking: schedule.next_step(booking, self.rules))
        self.store.create_tables()

    def follow(self, committer=None):
        """
        Run the step once, its commits going to the store or to one that is disturbed.
        """
        store = self.store
        return FollowFigures(committer or store, store.bookings, store.walks, self.clock, lambda _: self.rules)()

    def walk(self):
        """
        Run the step to its end: how many were retimed.
        """
        changed = 0
        while True:
            ran = self.follow()
            changed += ran.changed
            if not ran.more:
                return changed

    def booked(self, number, **changes):
        """
        Put a paid booking there that has its notice and waits for the call.
        """
        fields = {
            "id": f"bk_{number}",
            "reminded_at": NOW,
            "verified_at": None,
            "slot_start": SLOT,
            "slot_end": SLOT + minutes(60),
            **changes,
        }
        booking = samples.booking(**fields)
        self.store.commit(Write(booking))
        return booking

    def planned(self, number):
        """
        What a booking is kept to wait for.
        """
        return self.store.bookings.planned([f"bk_{number}"])[f"bk_{number}"]

    def found(self, step, until):
        """
        Whom a step finds by a moment.
        """
        return sorted(id_ for shard in range(8) for id_ in self.store.bookings.due(step, shard=shard, until=until, limit=99))


@pytest.fixture
def figures(engine):
    """
    A fresh store whose figures were followed once.
    """
    made = Figures(engine)
    made.walk()
    return made


@pytest.mark.rule("34", "D16")
class TestFollowFigures:
    def test_calls_at_the_lead_in_force_whatever_it_was_when_booked(self, figures):
        """
        From 150 to 240 minutes: the call of a booking made before is found 90 minutes earlier, as one made afterwards; back again, later.
        """
        for number in (1, 2, 3):
            figures.booked(number)
        early = SLOT - minutes(240)
        assert [] == figures.found(Step.CALL, early)

        figures.rules = LONGER
        assert 3 == figures.walk()
        assert ["bk_1", "bk_2", "bk_3"] == figures.found(Step.CALL, early)

        figures.rules = RULES
        assert 3 == figures.walk()
        assert NextStep(Step.CALL, utc(SLOT - minutes(150))) == figures.planned(1)

    @pytest.mark.rule("29")
    def test_gives_the_notice_at_the_time_in_force(self, figures):
        """
        Two days before instead of one: whoever has no notice yet is found a day earlier.
        """
        figures.booked(1, reminded_at=None)
        figures.rules = replace(RULES, notice_before=timedelta(hours=48))
        figures.walk()

        assert ["bk_1"] == figures.found(Step.REMIND, SLOT - timedelta(hours=48))

    def test_writes_what_it_did_and_tells_the_gate(self, figures):
        """
        Each retimed booking has its event with the ground, its version goes on, the gate's list follows; nobody is told of what has not come.
        """
        before = figures.booked(1)
        figures.rules = LONGER
        figures.walk()

        after = figures.store.bookings.get("bk_1")
        (event,) = figures.store.histories.of_aggregate("bk_1")
        tasks = {row.task.value for shard in range(8) for row in figures.store.outbox.pending(shard=shard, until=NOW, limit=9)}
        assert before == replace(after, version=before.version)
        assert ("retimed", "D16", after.version, before.version + 1) == (event.kind, event.ground, event.aggregate_version, after.version)
        assert {"admissions", "board"} == tasks

    def test_leaves_alone_whom_the_figure_does_not_concern(self, figures):
        """
        Who was called, is inside or is over keeps his version; a second night does nothing at all.
        """
        figures.booked(1, status=Status.CALLED, called_at=NOW)
        figures.booked(2, status=Status.ADMITTED, called_at=NOW, admitted_at=NOW)
        figures.booked(3, status=Status.CANCELLED, ended_at=NOW)
        figures.rules = replace(RULES, cool_down_most=minutes(7))

        assert (0, 0) == (figures.walk(), figures.walk())
        assert {1} == {figures.store.bookings.get(f"bk_{number}").version for number in (1, 2, 3)}

    def test_reads_one_row_while_no_figure_has_changed(self, figures):
        """
        A night without a change asks for its own mark and nothing else.
        """
        figures.booked(1)
        with faults.at(figures.store, call=999, kind="refuse") as counted:
            ran = figures.follow()

        assert (0, 0, False, 1) == (ran.seen, ran.changed, ran.more, counted.calls)

    def test_goes_on_where_it_stopped_and_begins_anew_when_a_figure_changes_again(self, figures, monkeypatch):
        """
        One page a run: the next run goes on behind it; another change on the way begins the walk again, so that none is left between two.
        """
        monkeypatch.setattr(follow_figures, "PAGES", 1)
        monkeypatch.setattr(follow_figures, "CHUNK", 1)
        for number in range(4):
            figures.booked(number)
        figures.rules = LONGER
        for _ in range(len(ROOMS) // 2):
            figures.follow()
        figures.rules = replace(RULES, call_lead_winter=minutes(200))
        figures.walk()

        assert {NextStep(Step.CALL, utc(SLOT - minutes(200)))} == {figures.planned(number) for number in range(4)}
        kept = figures.store.walks.progress(NAME)
        assert (mark_of(figures.rules), None) == (kept.mark, kept.cursor)

    @pytest.mark.parametrize("kind", ["crash_before", "crash_after", "timeout_after"])
    def test_loses_nobody_to_a_crash(self, figures, kind):
        """
        Whatever fails at whichever call, after the next night everybody has the moment in force, each booking one event a change.
        """
        for number in (1, 2):
            figures.booked(number)
        for call in range(1, 10, 2):
            figures.rules = replace(RULES, call_lead_winter=minutes(240 + call))
            lasting = 1 if kind.startswith("crash") else 5
            struck = contextlib.suppress(faults.ProcessDiedError, StoreBusyError)
            with struck, faults.at(figures.store, call=call, kind=kind, lasting=lasting):
                figures.follow()
            figures.walk()

            assert {NextStep(Step.CALL, utc(SLOT - minutes(240 + call)))} == {figures.planned(number) for number in (1, 2)}
            assert 2 * [(call + 1) // 2] == [len(figures.store.histories.of_aggregate(f"bk_{number}")) for number in (1, 2)]

    def test_may_run_twice_at_once(self, figures):
        """
        Another run at any commit of the first: everybody is retimed once.
        """
        for at in range(1, 6):
            figures.rules = replace(RULES, call_lead_winter=minutes(300 + at))
            figures.booked(at)
            figures.follow(Interrupted(figures.store, at=at, other=figures.walk))
            figures.walk()

            moments = {figures.planned(number) for number in range(1, at + 1)}
            assert {NextStep(Step.CALL, utc(SLOT - minutes(300 + at)))} == moments
            assert 0 == figures.walk()


class TestMark:
    def test_is_the_same_for_equal_figures_alone(self):
        """
        Whatever order the months were named in; any other figure has another name.
        """
        assert mark_of(RULES) == mark_of(replace(RULES, winter_months=frozenset([3, 2, 1, 12, 11])))
        assert mark_of(RULES) != mark_of(LONGER)
        assert Progress("s").start("a").cursor == ""
