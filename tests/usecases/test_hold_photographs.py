"""
Photographs that a complaint bears on: held while it is open, left to their term when it is decided, whatever fails or comes late (§6-2, §10, D31).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.complaints import About
from chalicelib.domain.records import Task
from chalicelib.usecases.deliver_outbox import DeliverOutbox, UndeliveredError
from chalicelib.usecases.hold_photographs import PAGE
from tests.factories import SLOT, batch, seen
from tests.fakes.interruptions import Interrupted
from tests.fakes.rules import RULES
from tests.fakes.samples import HERE
from tests.usecases.photographs import MINE, a_disputed_no_show, message_of, pending, sha, shots

pytestmark = pytest.mark.rule("6-2", "10", "28", "D31")


def deliver(office):
    """
    Sweep what follows complaints.
    """
    handlers = dict.fromkeys(Task, lambda _: None) | {Task.PHOTOGRAPHS: office.hold_photographs}
    for _ in range(9):
        DeliverOutbox(office.store, office.store.outbox, office.clock, handlers=handlers, alarm=lambda *_: None)()
        office.clock.advance(seconds=1)


@pytest.fixture
def office(quick_office):
    """
    An office with that day.
    """
    a_disputed_no_show(quick_office)
    return quick_office


class TestHold:
    def test_keeps_what_the_complaint_bears_on(self, office):
        """
        The vehicle's own photographs of its day, and of whoever may have been it; nobody else's.
        """
        complaint = office.complained(About.DEPOSIT, booking="bk_1").resource
        deliver(office)

        assert {complaint: shots(*MINE)} == office.shelf.held

    def test_follows_the_ruling_with_what_came_up_meanwhile(self, office):
        """
        A gateway that was cut off sends its photographs after the complaint: the ruling takes them along; then all wait for their term.
        """
        late = office.shelf.kept.copy()
        office.shelf.kept = {sha(1)}
        complaint = office.complained(About.DEPOSIT, booking="bk_1").resource
        deliver(office)
        assert {complaint: shots(1)} == office.shelf.held

        office.shelf.kept = late
        office.ruled(complaint, upheld=False)
        deliver(office)

        assert ({}, {complaint: shots(*MINE)}) == (office.shelf.held, office.shelf.decided)

    def test_ends_with_the_ruling_whichever_is_heard_first(self, office):
        """
        The registration's message delivered after the ruling's, or once more, holds nothing again.
        """
        complaint = office.complained(About.DEPOSIT, booking="bk_1").resource
        first = message_of(office, complaint)
        office.ruled(complaint, upheld=False)
        deliver(office)
        office.hold_photographs(first)

        assert ({}, {complaint: shots(*MINE)}) == (office.shelf.held, office.shelf.decided)

    def test_that_runs_while_it_is_decided_leaves_nothing_behind(self, office):
        """
        The ruling lands, and its message is delivered, between the look at the complaint and the first copy.
        """
        complaint = office.complained(About.DEPOSIT, booking="bk_1").resource
        first = message_of(office, complaint)

        def decide():
            office.ruled(complaint, upheld=False)
            deliver(office)

        slow = replace(office.hold_photographs, complaints=Interrupted(office.store.complaints, "complaint", decide, afterwards=True))
        slow(first)

        assert ({}, {complaint: shots(*MINE)}) == (office.shelf.held, office.shelf.decided)

    def test_waits_unblamed_while_the_storage_is_silent(self, office):
        """
        However long: nothing is parked, and nothing is forgotten.
        """
        complaint = office.complained(About.DEPOSIT, booking="bk_1").resource
        office.shelf.away = True
        for _ in range(20):
            deliver(office)
            office.clock.advance(minutes=6)
        assert [] == office.store.outbox.parked(limit=9)

        office.shelf.away = False
        deliver(office)

        assert {complaint: shots(*MINE)} == office.shelf.held


class TestWhatItIsAbout:
    def test_is_what_a_block_rests_on(self, office):
        """
        A complaint about a block holds what was seen of the bookings it suspends.
        """
        office.block("acc_1", "bk_1")
        complaint = office.complained().resource
        deliver(office)

        assert {complaint: shots(*MINE)} == office.shelf.held

    def test_is_the_strangers_booking_of_ones_vehicle(self, office):
        """
        Whoever complains that his vehicle was taken has no booking to name.
        """
        complaint = office.complained(About.VEHICLE_TAKEN, account="acc_2", vehicle=office.booking("bk_1").vehicle.plate_key).resource
        deliver(office)

        assert {complaint: shots(*MINE)} == office.shelf.held

    def test_is_all_there_was_lately_where_it_names_nothing(self, office):
        """
        All trips of the account within the term of complaints, page by page.
        """
        for number in range(10, 10 + 2 * PAGE):
            office.verified(number, account="acc_1")
        complaint = office.complained(About.OTHER).resource
        deliver(office)

        assert {complaint: shots(*MINE)} == office.shelf.held

    def test_is_nothing_too_old_to_complain_of(self, office):
        """
        A trip of four months ago: its photographs keep their own term.
        """
        office.clock.move_to(SLOT + RULES.complaint_term + timedelta(days=1))
        office.complained(About.OTHER)
        deliver(office)

        assert {} == office.shelf.held

    def test_goes_on_where_another_sweep_has_not_been(self, office):
        """
        A page that two sweeps took at once is counted once: the second is told to come again.
        """
        for number in range(10, 10 + 2 * PAGE):
            office.verified(number, account="acc_1")
        first = message_of(office, office.complained(About.OTHER).resource)
        assert office.hold_photographs(first)

        with pytest.raises(UndeliveredError):
            office.hold_photographs(first)

    @pytest.mark.rule("D28")
    def test_is_the_trip_whose_payment_is_disputed(self, office):
        """
        The payer's bank takes months and tells its end or does not: the trip's photographs get a term of their own from the dispute on.
        """
        booking, attempt = office.paid_by_card(3, slot=SLOT.replace(hour=17))
        office.clock.move_to(SLOT.replace(hour=17))
        own = replace(seen(7, "wa-in", booking, at=office.clock.now()), photo=sha(7))
        office.journal.batch(checkpoint=HERE, batch=batch(own))
        office.shelf.kept.add(sha(7))
        office.disputed(attempt, office.booking(booking).due.fee)
        deliver(office)
        deliver(office)

        assert ({}, True) == (office.shelf.held, shots(7) <= office.shelf.decided[attempt])
        assert not shots(1, 2, 5, 6) & office.shelf.decided[attempt]

    def test_is_no_trip_where_the_payment_was_a_top_up(self, office):
        """
        Money on a wallet has no photographs.
        """
        office.topped_up(300_000)
        attempt = next(iter(office.provider.intents)).removeprefix("pi_")
        office.disputed(attempt, 300_000)

        assert [] == pending(office)


class TestWhatTheHeadSees:
    def sights(self, office, complaint):
        """
        Name the photographs' links and lanes as the registrar gets them.
        """
        return [(each.entry.lane, each.photo) for each in office.complaints_read.case(complaint=complaint).sightings]

    def test_is_each_passage_with_its_photograph(self, office):
        """
        In order, from the copies once they are made.
        """
        complaint = office.complained(About.DEPOSIT, booking="bk_1").resource
        assert f"get:{HERE}/{sha(1)}" == self.sights(office, complaint)[0][1]

        deliver(office)
        copies = [("wa-in", 1), ("entry-1", 3), ("entry-1", 4)]
        assert [(lane, f"get:held/{complaint}/{HERE}/{sha(number)}") for lane, number in copies] == self.sights(office, complaint)

    def test_outlives_the_originals(self, office):
        """
        Two hundred days later the originals are gone: copies are shown, and no link that leads nowhere.
        """
        office.shelf.kept.discard(sha(4))
        complaint = office.complained(About.DEPOSIT, booking="bk_1").resource
        deliver(office)
        office.clock.move_to(SLOT + timedelta(days=200))

        assert [f"get:held/{complaint}/{HERE}/{sha(number)}" for number in (1, 3)] + [None] == [
            link for _, link in self.sights(office, complaint)
        ]

    def test_is_the_originals_while_the_storage_is_silent(self, office):
        """
        A link is signed without asking anybody.
        """
        complaint = office.complained(About.DEPOSIT, booking="bk_1").resource
        deliver(office)
        office.shelf.away = True

        assert [f"get:{HERE}/{sha(number)}" for number in MINE] == [link for _, link in self.sights(office, complaint)]

    def test_is_nothing_in_the_users_own_view(self, office):
        """
        Photographs of others may be among them.
        """
        complaint = office.complained(About.DEPOSIT, booking="bk_1").resource
        deliver(office)

        assert () == office.complaints_read.one(complaint=complaint).sightings
