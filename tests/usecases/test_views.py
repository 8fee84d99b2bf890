"""
What is computed whole from many rows, the list of admissions, the board, a day's load: the newest version is never an older view.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.contracts.admissions import Admission
from chalicelib.contracts.messages import from_document
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass
from chalicelib.usecases.ports import StoreBusyError
from tests import factories
from tests.factories import SLOT, minutes, seen
from tests.fakes.interruptions import Interrupted
from tests.fakes.samples import DAY, HERE


def listed(office):
    """
    Name the bookings of the last list sent.
    """
    return [row["booking"] for row in office.link.admissions[-1].rows]


@pytest.mark.rule("D23", "D24")
class TestAdmissions:
    def test_get_a_version_only_when_they_changed(self, office):
        """
        The same list is sent again under its version; a change makes the next one.
        """
        office.confirmed(1)
        versions = [office.admissions(checkpoint=HERE) for _ in range(2)]
        office.confirmed(2)
        versions.append(office.admissions(checkpoint=HERE))

        assert [1, 1, 2] == versions
        assert [1, 1, 2] == [sent.version for sent in office.link.admissions]
        assert ["bk_1", "bk_2"] == listed(office)

    def test_are_signed_anew_after_six_hours(self, office):
        """
        A list that did not change gets a new version and term before it grows old: its term is 72 hours from signing.
        """
        office.confirmed()
        office.admissions(checkpoint=HERE)
        office.clock.advance(hours=5, minutes=59)
        assert 1 == office.admissions(checkpoint=HERE)
        office.clock.advance(minutes=1)

        assert 2 == office.admissions(checkpoint=HERE)
        sent = office.link.admissions[-1].manifest
        assert str(office.clock.now().isoformat()) == sent["valid_from"]
        assert str((office.clock.now() + timedelta(hours=72)).isoformat()) == sent["valid_until"]

    def test_name_sold_places_within_72_hours_only(self, office):
        """
        A held place, a cancelled booking and one beyond the horizon are not listed.
        """
        office.held(1)
        cancelled = office.confirmed(2, slot=SLOT.replace(hour=15))
        office.cancel_for(cancelled)
        office.open(factories.plan(DAY + timedelta(days=4)))
        office.confirmed(3, slot=SLOT + timedelta(days=4))
        expected = office.confirmed(4, slot=SLOT.replace(hour=16))

        office.admissions(checkpoint=HERE)

        assert [expected] == listed(office)
        row = from_document(Admission, office.link.admissions[-1].rows[0])
        assert (SLOT.replace(hour=16) - minutes(30), SLOT.replace(hour=16) - minutes(150)) == (row.opens_at, row.call_due_at)
        assert ("004ABC02", "KZ", SLOT.replace(hour=18)) == (row.plate, row.country, row.expires_at)

    def test_of_a_slow_publisher_never_replace_newer_ones(self, office):
        """
        A booking is confirmed and published while another publisher has its list half read: the list that ends as the newest has it.
        """
        office.confirmed(1)

        def overtake():
            office.confirmed(2)
            office.rebuilt().admissions(checkpoint=HERE)

        slow = replace(office.admissions, bookings=Interrupted(office.store.bookings, "get_many", overtake, afterwards=True))
        slow(checkpoint=HERE)

        newest = max(office.link.admissions, key=lambda sent: sent.version)
        assert ["bk_1", "bk_2"] == [row["booking"] for row in newest.rows]
        assert newest.version == office.store.passages.gateway(HERE).admissions_version


@pytest.mark.rule("12")
class TestBoard:
    def test_shows_called_entering_and_leaving(self, office):
        """
        Called ones in queue order; entered and left ones for a quarter of an hour, the latest first.
        """
        for number in (1, 2, 3):
            office.confirmed(number, slot=SLOT.replace(hour=13 + number))
        office.clock.move_to(SLOT.replace(hour=13, minute=31))
        for number in (2, 1):
            assert office.time.remind(booking=f"bk_{number}")
            assert office.time.call(booking=f"bk_{number}")
        office.board.publish(checkpoint=HERE)
        assert ["001 ABC 02", "002 ABC 02"] == [row.plate for row in office.link.boards[-1].called]

        now = office.clock.now()
        office.journal.batch(checkpoint=HERE, batch=factories.batch(seen(1, "entry-1", "bk_1", at=now)))
        office.board.publish(checkpoint=HERE)
        board = office.link.boards[-1]
        assert (["001 ABC 02"], ["002 ABC 02"]) == ([row.plate for row in board.entering], [row.plate for row in board.called])

        office.clock.advance(minutes=5)
        office.journal.batch(checkpoint=HERE, batch=factories.batch(seen(2, "exit-1", "bk_1", at=office.clock.now())))
        office.board.publish(checkpoint=HERE)
        assert ([], ["001 ABC 02"]) == tuple(
            [row.plate for row in rows] for rows in (office.link.boards[-1].entering, office.link.boards[-1].leaving)
        )
        office.clock.advance(minutes=15)
        assert () == office.board.read(checkpoint=HERE).leaving

    def test_never_shows_two_views_under_one_version(self, office):
        """
        A publisher that was overtaken computes its view anew: versions are unique, the highest is the newest.
        """
        office.confirmed(1)
        office.clock.move_to(SLOT)

        def overtake():
            office.time.remind(booking="bk_1")
            office.time.call(booking="bk_1")
            office.rebuilt().board.publish(checkpoint=HERE)

        slow_line = replace(office.measure, bookings=Interrupted(office.store.bookings, "get_many", overtake, afterwards=True))
        slow = replace(office.board, measure=slow_line)
        slow.publish(checkpoint=HERE)

        versions = [view.version for view in office.link.boards]
        assert sorted(set(versions)) == sorted(versions)
        assert ["001 ABC 02"] == [row.plate for row in max(office.link.boards, key=lambda view: view.version).called]

    def test_of_an_unknown_checkpoint_is_empty(self, office):
        """
        Before anything was shown there is an empty board.
        """
        assert ((), (), ()) == tuple(getattr(office.board.read(checkpoint="dostyk"), name) for name in ("called", "entering", "leaving"))


class TestLoad:
    def test_counts_what_was_taken_last(self, office):
        """
        A place is taken, and counted by another, while one counts: what stays has it.
        """

        def overtake():
            office.held(1)
            office.rebuilt().find.recompute(checkpoint=HERE, day=DAY)

        slow = replace(office.find, places=Interrupted(office.store.places, "touched", overtake, afterwards=True))
        slow.recompute(checkpoint=HERE, day=DAY)

        assert (47, 0) == tuple(office.store.places.load(HERE, DAY).free["general"])

    def test_is_given_up_when_others_are_always_faster(self, office):
        """
        Five conflicts are a busy store: the message is tried again.
        """

        class Rival:
            def commit(self, *writes):
                office.store.commit(*writes)
                return office.store.commit(*writes)

        with pytest.raises(StoreBusyError):
            replace(office.find, committer=Rival()).recompute(checkpoint=HERE, day=DAY)

    @pytest.mark.rule("22", "D32")
    def test_is_recounted_where_time_has_made_it_untrue(self, office):
        """
        A hold lapses: the load row's figure holds until then, afterwards the day is counted anew from its places.
        """
        office.held(1)
        office.find.recompute(checkpoint=HERE, day=DAY)

        def free():
            (day,) = office.find.days(checkpoint=HERE, first=DAY, last=DAY, class_=PlaceClass.GENERAL)
            return day.free

        assert 47 == free()
        office.clock.advance(minutes=10)
        assert 47 == free()
        office.clock.advance(minutes=1)
        assert 48 == free()

    @pytest.mark.rule("D16")
    def test_closes_slots_at_their_call(self, office):
        """
        A slot whose vehicles are being called is on sale no more, in the list and in the first free one.
        """
        office.clock.move_to(SLOT.replace(hour=11, minute=30))
        slots = {slot.start.hour: slot.free for slot in office.find.slots(checkpoint=HERE, day=DAY, class_=PlaceClass.GENERAL)}
        first = office.find.first_free(checkpoint=HERE, after=None, class_=PlaceClass.GENERAL, pool=Pool.PRIMARY)

        assert (0, 2) == (slots[14], slots[15])
        assert SLOT.replace(hour=15) == first.start
