from datetime import timedelta

import pytest

from iot.gate import marks as kept
from iot.gate.admissions_store import AdmissionsList
from iot.gate.marks import Marks, Opening
from iot.gate.roll import Expected, Fact
from iot.kit.database import Database
from tests.iot.gate.lists import NOON, admission

HOUR = timedelta(hours=1)


@pytest.fixture
def marks(tmp_path):
    return Marks(database=Database(path=tmp_path / "gate.db", schema=kept.SCHEMA))


def listed(*admissions):
    return AdmissionsList(version=1, valid_until=NOON + 72 * HOUR, admissions=admissions)


def facts(roll):
    return [[(mark.fact, mark.at, mark.spent) for mark in one.marks] for one in roll.expected]


class TestMarks:
    def test_keep_the_first_time_of_a_fact(self, marks):
        """
        Seen twice is seen when it was first seen; what is spent stays spent.
        """
        booking = Expected(admission())
        marks.put(booking=booking, fact=Fact.ADMITTED, at=NOON)
        marks.order(Opening(cause="f-1", lane="entry-1", ordered=0), booking=booking, fact=Fact.ADMITTED)
        assert [[(Fact.ADMITTED, NOON, False)]] == facts(marks.roll(listed(admission())))
        marks.opened(lane="exit-1")
        assert [[(Fact.ADMITTED, NOON, False)]] == facts(marks.roll(listed(admission())))
        marks.opened(lane="entry-1")
        marks.put(booking=booking, fact=Fact.ADMITTED, at=NOON + HOUR)
        assert [[(Fact.ADMITTED, NOON, True)]] == facts(marks.roll(listed(admission())))

    @pytest.mark.rule("D14", "D24")
    def test_belong_to_a_number(self, marks):
        """
        A rescheduled booking has another one: what was seen before its old time does not count for the new one.
        """
        old, new = (admission(number=number, booking="b") for number in ("NZH-1", "NZH-2"))
        marks.put(booking=Expected(old), fact=Fact.ARRIVED, at=NOON)
        assert [[]] == facts(marks.roll(listed(new)))
        assert [[(Fact.ARRIVED, NOON, True)]] == facts(marks.roll(listed(old)))

    def test_keep_whom_they_admitted_though_no_list_does(self, marks):
        """
        An arrived vehicle that is listed no more is nobody; an admitted one still has to leave.
        """
        marks.put(booking=Expected(admission("111AAA02")), fact=Fact.ARRIVED, at=NOON)
        marks.put(booking=Expected(admission("222BBB02")), fact=Fact.ADMITTED, at=NOON)
        assert [admission("222BBB02")] == [one.admission for one in marks.roll(listed()).expected]

    def test_are_forgotten_after_a_month(self, marks):
        """
        Nobody asks any more.
        """
        marks.put(booking=Expected(admission()), fact=Fact.ADMITTED, at=NOON)
        marks.forget(now=NOON + timedelta(days=30))
        assert [[(Fact.ADMITTED, NOON, False)]] == facts(marks.roll(listed()))
        marks.forget(now=NOON + timedelta(days=30, seconds=1))
        assert [] == facts(marks.roll(listed()))


class TestOpenings:
    def test_are_unfinished_until_the_barrier_was_open(self, marks):
        """
        The latest counts; one given up is gone.
        """
        for cause, ordered in (("f-1", 1.0), ("f-2", 2.0)):
            marks.order(Opening(cause=cause, lane="entry-1", ordered=ordered))
        assert Opening(cause="f-2", lane="entry-1", ordered=2.0) == marks.unfinished(lane="entry-1")
        assert marks.unfinished(lane="exit-1") is None
        marks.opened(lane="entry-1")
        assert marks.unfinished(lane="entry-1") is None
        marks.order(Opening(cause="f-3", lane="entry-1", ordered=3.0))
        marks.abandon(lane="entry-1")
        assert marks.unfinished(lane="entry-1") is None
