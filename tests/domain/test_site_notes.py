"""
What a site leaves open: passages that nobody could tell stand against a no-show until they are told (D18); guests and chores (D19, D24).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.contracts.passages import Action, DecisionReason, Reading
from chalicelib.domain.bookings import Status
from chalicelib.domain.site_notes import Chore, ChoreKind, SiteNotes, differences, doubt_about, doubt_of
from tests.factories import SLOT, minutes, seen
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import HERE

CALL = SLOT - minutes(150)
NONE = SiteNotes(HERE, version=0)


def called(**changes):
    """
    A vehicle called, whose plate is 001ABC02.
    """
    fields = {"status": Status.CALLED, "called_at": CALL, "vehicle": replace(samples.booking().vehicle, plate="001 ABC 02")}
    return samples.booking(**{**fields, **changes})


def stayed(reason, *, at=SLOT, lane="entry-1", plate="", confidence=0.3, booking=None, sequence=1):
    """
    A frame at which nothing moved.
    """
    entry = seen(sequence, lane, booking, at=at, action=Action.STAY, reason=reason)
    return replace(entry, readings=(Reading(plate, "KZ", confidence),) if plate else ())


def doubted(entry, notes=NONE, booking=None):
    """
    Note what a frame leaves open.
    """
    doubt = doubt_of(entry, journal="jr_1", booking=booking, rules=RULES)
    return notes if doubt is None else notes.doubting(doubt, RULES)


@pytest.mark.rule("D18")
class TestDoubt:
    @pytest.mark.parametrize(
        ("entry", "stands"),
        [
            (stayed(DecisionReason.UNREADABLE), True),
            (stayed(DecisionReason.NOT_A_PICTURE), True),
            (stayed(DecisionReason.UNREADABLE, lane="wa-in"), True),
            (stayed(DecisionReason.UNREADABLE, lane="wa-out"), False),
            (stayed(DecisionReason.UNREADABLE, lane="exit-1"), False),
            (stayed(DecisionReason.UNREADABLE, at=CALL - minutes(1)), False),
            (stayed(DecisionReason.SIMILAR_PLATE, plate="001ABC03"), True),
            (stayed(DecisionReason.AMBIGUOUS, plate="001ABG02"), True),
            (stayed(DecisionReason.SIMILAR_PLATE, plate="777ZZZ09"), False),
            (stayed(DecisionReason.UNKNOWN_VEHICLE, plate="001ABC0", confidence=0.6), True),
            (stayed(DecisionReason.UNKNOWN_VEHICLE, plate="001ABC0", confidence=0.97), False),
            (stayed(DecisionReason.UNKNOWN_VEHICLE, plate="777ZZZ09", confidence=0.6), False),
        ],
    )
    def test_stands_where_it_may_have_been_the_vehicle(self, entry, stands):
        """
        Nothing read, or a plate that is nearly his, since the call, in a lane that a vehicle from the road takes; a plate read surely never.
        """
        assert stands == (doubt_about(called(), doubted(entry)) is not None)

    @pytest.mark.parametrize(
        ("changes", "lane", "stands"),
        [
            ({"arrived_at": SLOT}, "wa-in", False),
            ({"arrived_at": SLOT}, "wa-out", True),
            ({"arrived_at": SLOT}, "entry-1", True),
            ({"arrived_at": SLOT, "left_area_at": SLOT}, "wa-out", False),
            ({"arrived_at": SLOT, "left_area_at": SLOT}, "entry-1", True),
        ],
    )
    def test_counts_in_the_lanes_still_ahead(self, changes, lane, stands):
        """
        From the waiting area only its exit and the gate are ahead; having left it, only the gate.
        """
        assert stands == (doubt_about(called(**changes), doubted(stayed(DecisionReason.UNREADABLE, lane=lane))) is not None)

    @pytest.mark.parametrize(
        ("reason", "at", "stands"),
        [
            (DecisionReason.OFFICER_ONLY, SLOT, True),
            (DecisionReason.NOT_FROM_WAITING_AREA, SLOT - minutes(30), True),
            (DecisionReason.NOT_CALLED, SLOT - minutes(31), False),
            (DecisionReason.TRAILER_DIFFERS, SLOT, True),
            (DecisionReason.TOO_EARLY, SLOT, False),
            (DecisionReason.EXPIRED, SLOT + minutes(121), False),
        ],
    )
    def test_names_the_vehicle_that_stood_at_the_shut_gate_at_its_time(self, reason, at, stands):
        """
        Kept out by something else than its own time: it was there. Too early or too late it was not.
        """
        notes = doubted(stayed(reason, at=at, plate="001ABC02", booking="bk_1"), booking=called())

        assert stands == (doubt_about(called(), notes) is not None)
        assert doubt_about(called(id="bk_2"), notes) is None

    def test_of_one_vehicle_that_stands_there_is_one(self):
        """
        A frame every minute for a quarter of an hour is one passage; after a pause it is another.
        """
        notes = NONE
        for minute in (0, 1, 2, 7, 12, 30):
            notes = doubted(stayed(DecisionReason.UNREADABLE, at=SLOT + minutes(minute), sequence=minute), notes)

        assert [(0, 12), (30, 30)] == [((one.since - SLOT) // minutes(1), (one.until - SLOT) // minutes(1)) for one in notes.doubts]

    def test_is_told_by_the_vehicle_read_at_last(self):
        """
        Unreadable, then read and let in within minutes in the same lane: it was that one. Another lane tells nothing, nor an hour later.
        """
        notes = doubted(stayed(DecisionReason.UNREADABLE))

        for lane, after, left in (("entry-1", 5, 0), ("entry-1", 6, 1), ("exit-1", 1, 1), ("entry-1", -1, 1)):
            assert left == len(notes.passed(lane=lane, at=SLOT + minutes(after), booking="bk_9", rules=RULES).doubts)

    def test_is_told_by_an_officer(self):
        """
        All of a lane up to his moment, or what is about one booking.
        """
        notes = doubted(stayed(DecisionReason.UNREADABLE))
        notes = doubted(stayed(DecisionReason.OFFICER_ONLY, at=SLOT + minutes(20), plate="001ABC02", booking="bk_1"), notes, called())

        assert 1 == len(notes.resolved(lane="entry-1", at=SLOT + minutes(1), booking=None).doubts)
        assert 0 == len(notes.resolved(lane="entry-1", at=SLOT + minutes(20), booking=None).doubts)
        assert 1 == len(notes.resolved(lane="entry-1", at=SLOT + minutes(20), booking="bk_2").doubts)
        assert 2 == len(notes.resolved(lane="wa-in", at=SLOT + minutes(20), booking=None).doubts)

    def test_is_forgotten_after_a_week_and_never_too_many(self):
        """
        What nobody told for a week is over; a flood keeps the latest three hundred.
        """
        notes = doubted(stayed(DecisionReason.UNREADABLE))
        assert 1 == len(doubted(stayed(DecisionReason.UNREADABLE, at=SLOT + timedelta(days=8)), notes).doubts)
        for number in range(310):
            notes = doubted(stayed(DecisionReason.UNREADABLE, at=SLOT + minutes(10 * number), sequence=number), notes)
        assert 300 == len(notes.doubts)


@pytest.mark.rule("D19", "D24")
class TestNotes:
    def test_keep_a_guest_until_a_day_after_it_left(self):
        """
        Without a place of its own it is found here, inside and shortly after.
        """
        notes = NONE.welcoming("bk_1").welcoming("bk_1").welcoming("bk_2").gone("bk_1", at=SLOT)

        assert ["bk_1", "bk_2"] == sorted(guest.booking for guest in notes.guests)
        assert ["bk_2"] == [guest.booking for guest in notes.gone("bk_9", at=SLOT + timedelta(days=1)).guests]

    def test_ask_an_officer_once_until_the_vehicle_has_left(self):
        """
        Asked twice it is one chore; gone, it is none.
        """
        chore = Chore(ChoreKind.NO_EXIT, "bk_1", SLOT)
        notes = NONE.asking(chore).asking(replace(chore, since=SLOT + minutes(5)))

        assert (chore,) == notes.chores
        assert () == notes.gone("bk_1", at=SLOT).chores

    @pytest.mark.parametrize(
        ("one", "other", "count"), [("", "", 0), ("A", "", 1), ("123ABC02", "123ABC02", 0), ("123ABC02", "12ABC92", 2)]
    )
    def test_count_how_far_two_plates_differ(self, one, other, count):
        """
        Characters to change, add or drop.
        """
        assert (count, count) == (differences(one, other), differences(other, one))
