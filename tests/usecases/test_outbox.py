"""
What must follow a commit: delivered at least once, no failure keeps another back, no change falls between two deliveries.
"""

from datetime import timedelta

import pytest

from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.store.rows import shard_of
from chalicelib.usecases.deliver_outbox import DeliverOutbox, UndeliveredError
from chalicelib.usecases.ports import Write
from tests.fakes import faults
from tests.fakes.outside import StandingClock
from tests.fakes.samples import HERE, NOW


def message(id_, task=Task.NOTIFY, **payload):
    """
    One row.
    """
    return OutboxMessage(id_, task, id_, 1, NOW, NOW, {"checkpoint": HERE, **payload})


def ids_in_two_shards(first="a", second="b"):
    """
    Find two ids of which the first lies in an earlier shard.
    """
    one, two = (next(f"{name}{n}" for n in range(999) if shard_of(f"{name}{n}") == shard) for name, shard in ((first, 0), (second, 7)))
    return one, two


class Desk:
    """
    An outbox with one handler for all tasks that fails for the ids named.
    """

    def __init__(self, store, *, failing=()):
        self.clock = StandingClock()
        self.handled, self.alarms, self.failing = [], [], set(failing)
        self.sweep = DeliverOutbox(
            store, store.outbox, self.clock, handlers=dict.fromkeys(Task, self.handle), alarm=lambda row, error: self.alarms.append(row.id)
        )
        self.deed = lambda: None

    def handle(self, row):
        """
        Note it; fail, or do the deed that was ordered once.
        """
        self.handled.append(row.id)
        if row.id in self.failing:
            raise UndeliveredError(row.id)
        deed, self.deed = self.deed, lambda: None
        deed()


class TestSweep:
    def test_delivers_and_forgets(self, store):
        """
        What is due is handled once and gone; what is not due waits.
        """
        desk = Desk(store)
        later = OutboxMessage("later", Task.NOTIFY, "later", 1, NOW, NOW + timedelta(minutes=1), {})
        store.commit(Write(message("now")), Write(later))

        assert (1, 0, 0) == tuple(getattr(desk.sweep(), name) for name in ("delivered", "failed", "parked"))
        assert 0 == desk.sweep().delivered
        assert NOW + timedelta(minutes=1) == desk.sweep.next_due()
        assert ["now"] == desk.handled

    def test_parks_a_poison_row_after_ten_tries_and_lets_others_pass(self, store):
        """
        A row that always fails is tried ten times, ever later, then parked and alarmed once; the rows beside it go out at the first sweep.
        """
        desk = Desk(store, failing={"poison"})
        store.commit(*(Write(message(id_)) for id_ in ("poison", "a", "b", "c")))
        assert 3 == desk.sweep().delivered
        for _ in range(20):
            desk.clock.advance(minutes=6)
            desk.sweep()

        assert 10 == desk.handled.count("poison")
        assert ["poison"] == desk.alarms
        assert ["poison"] == [row.id for row in store.outbox.parked(limit=10)]
        assert {"a", "b", "c", "poison"} == set(desk.handled)
        assert 13 == len(desk.handled)

    def test_computes_a_whole_view_once_for_all_its_messages(self, store):
        """
        Three changes of one checkpoint's list are one publication; another checkpoint has its own.
        """
        desk = Desk(store)
        rows = [message(f"m{number}", Task.ADMISSIONS) for number in range(3)]
        store.commit(*map(Write, rows), Write(message("other", Task.ADMISSIONS, checkpoint="dostyk")))

        assert 4 == desk.sweep().delivered
        assert 2 == len(desk.handled)

    def test_does_not_knock_again_and_again_at_a_closed_door(self, store):
        """
        A view that failed has failed for all its messages of the sweep: one try, each of them later again.
        """
        rows = [message(f"m{number}", Task.BOARD) for number in range(5)]
        desk = Desk(store, failing={row.id for row in rows})
        store.commit(*map(Write, rows))

        swept = desk.sweep()

        assert (5, 1) == (swept.failed, len(desk.handled))
        desk.failing.clear()
        desk.clock.advance(seconds=2)
        assert 5 == desk.sweep().delivered

    @pytest.mark.rule("D23")
    def test_loses_no_change_that_comes_during_a_sweep(self, store):
        """
        A change committed after a view was computed is not taken for part of it, though the same sweep could have read its message.
        """
        early, late = ids_in_two_shards()
        desk = Desk(store)
        store.commit(Write(message(early, Task.ADMISSIONS)))
        desk.deed = lambda: store.commit(Write(message(late, Task.ADMISSIONS)))

        desk.sweep()
        desk.sweep()

        assert [early, late] == desk.handled

    def test_delivers_again_what_was_done_but_not_marked(self, store):
        """
        The process dies between deed and mark: at least once means that the next sweep does it again.
        """
        desk = Desk(store)
        store.commit(Write(message("once")))

        with faults.at(store, call=1, kind="crash_before", lasting=99) as fault:
            fault.strikes = lambda operation: operation == "DeleteItem"
            with pytest.raises(faults.ProcessDiedError):
                desk.sweep()
        desk.sweep()

        assert ["once", "once"] == desk.handled
