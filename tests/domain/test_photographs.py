"""
Which photographs bear on what is disputed about a booking (§9, §10, §30, D31).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.contracts.passages import EntryKind, JournalEntry, LaneKind, Reading
from chalicelib.domain.blocks import Evidence, EvidenceKind
from chalicelib.domain.complaints import ComplaintStatus, Ruling
from chalicelib.domain.photographs import bears_on, days_seen, may_be_about, named_bookings, too_old
from tests import factories
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, NOW

A_DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


def entry(*plates, photo="ab"):
    """
    A passage that was photographed, and what was read.
    """
    readings = tuple(Reading(each, "KZ", 0.9) for each in plates)
    return JournalEntry(1, NOW, EntryKind.PASSAGE, "entry-1", LaneKind.ENTRY, "f1", readings, photo=photo)


@pytest.mark.rule("30", "D31")
class TestDaysSeen:
    def at(self, day, hour=12):
        """
        An hour of a day after the booked one.
        """
        return RULES.at(DAY + day * A_DAY, hour * 60)

    @pytest.mark.parametrize(
        ("changes", "days"),
        [
            ({}, [0]),
            ({"arrived_at": -1}, [-1, 0]),
            ({"admitted_at": 1}, [0, 1]),
            ({"crossed_at": 2, "arrived_at": -1}, [-1, 0, 1, 2]),
            ({"valid_until": 2}, [0, 1, 2]),
            ({"crossed_at": 6}, [0, 1, 2, 3, 4, 5, 6]),
            ({"crossed_at": 30}, [0, 1, 2, 3, 4, 5, 6]),
        ],
    )
    def test_are_from_its_coming_to_its_leaving_and_a_week_at_most(self, changes, days):
        """
        Local days from the earliest it came or was due to the latest it was due or left.
        """
        found = samples.booking(**{name: self.at(day) for name, day in changes.items()})

        assert [DAY + day * A_DAY for day in days] == list(days_seen(found, RULES))

    def test_are_none_of_a_booking_that_was_never_due(self):
        """
        An application has no day, whatever a camera saw.
        """
        assert () == days_seen(samples.booking(slot_start=None, slot_end=None, arrived_at=NOW), RULES)


@pytest.mark.rule("30")
class TestBearsOn:
    @pytest.mark.parametrize(
        ("found", "named", "bears"),
        [
            (entry("999XYZ01"), "bk_1", True),
            (entry("123ABC02"), "bk_2", False),
            (entry("123ABC02"), None, True),
            (entry("124ABC03"), None, True),
            (entry("124ABD03"), None, False),
            (entry("999XYZ01", "123ABC02"), None, True),
            (entry(), None, True),
            (entry("123ABC02", photo=None), None, False),
            (entry("123ABC02", photo=None), "bk_1", False),
            (entry(photo=None), None, False),
        ],
    )
    def test_is_its_own_or_nobodys_that_may_have_been_it(self, found, named, bears):
        """
        Known as it; or known as nobody and read alike by two signs, or not at all. Without a photograph nothing bears.
        """
        assert bears == bears_on(found, samples.booking(), named=named)


@pytest.mark.rule("6-2", "D31")
class TestNamed:
    def test_are_its_own_its_rulings_and_its_blocks(self):
        """
        Each once, in that order.
        """
        evidence = tuple(Evidence(EvidenceKind.CHECK, booking=each, source="2") for each in ("bk_5", None, "bk_1"))
        holder = samples.account(
            blocks=(factories.block(id="blk_0", bookings=("bk_9",)), factories.block(bookings=("bk_4", "bk_3"), evidence=evidence))
        )
        ruling = Ruling(ComplaintStatus.UPHELD, "acc_8", NOW, "per_8", booking="bk_3")
        made = samples.complaint(case="blk_1", ruling=ruling)

        assert ["bk_1", "bk_3", "bk_4", "bk_5"] == named_bookings(made, holder)
        assert ["bk_1", "bk_3"] == named_bookings(made, None)
        assert ["bk_1", "bk_3"] == named_bookings(replace(made, case=None), holder)
        assert ["bk_1", "bk_3"] == named_bookings(replace(made, case="blk_7"), holder)
        assert [] == named_bookings(samples.complaint(booking=None), holder)


@pytest.mark.rule("6-2", "D31")
class TestMayBeAbout:
    @pytest.mark.parametrize(
        ("after", "may"),
        [(-90 * A_DAY - INSTANT, False), (-90 * A_DAY, True), (timedelta(), True), (A_DAY, True), (A_DAY + INSTANT, False)],
    )
    def test_is_a_booking_of_the_term(self, after, may):
        """
        From three months before the complaint to a day after it.
        """
        assert may == may_be_about(samples.booking(slot_start=NOW + after), samples.complaint(), rules=RULES)

    def test_is_no_application(self):
        """
        Without a time there is nothing to complain of at the gate.
        """
        assert not may_be_about(samples.booking(slot_start=None), samples.complaint(), rules=RULES)

    @pytest.mark.parametrize(("before", "old"), [(180 * A_DAY, False), (180 * A_DAY + INSTANT, True)])
    def test_is_not_one_made_before_term_and_horizon(self, before, old):
        """
        A booking is made 90 days ahead at most: whatever was made earlier had its time before the term.
        """
        assert old == too_old(samples.booking(created_at=NOW - before), samples.complaint(), rules=RULES)
