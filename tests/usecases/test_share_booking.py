"""
A driver's link: derived and kept nowhere, taken back for good, over a day after the booking, good for its driver alone.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import PersonRecord, Write
from tests.fakes import samples
from tests.fakes.mailroom import Mailroom


@pytest.fixture
def room(quick_office):
    """
    A confirmed booking of an account, its drivers with phones, and the way of its links.
    """
    quick_office.store.commit(Write(samples.account()))
    phones = {"per_1": "+77011234567", "per_2": "+79161234567", "per_3": "+8613812345678"}
    quick_office.people.put([PersonRecord(id_, "account", {"phone": phone}) for id_, phone in phones.items()])
    quick_office.confirmed()
    return Mailroom(quick_office)


def token(room, driver=None):
    """
    Give a link: its token.
    """
    return room.share.give(account="acc_1", booking="bk_1", driver=driver, request=None).answer["url"].rpartition("/")[2]


def changed(room, **changes):
    """
    Change the booking.
    """
    seen = room.office.booking("bk_1")
    room.office.store.commit(Write(replace(seen, version=seen.version + 1, **changes), seen.version))


class TestLink:
    def test_opens_until_a_day_after_the_end(self, room):
        """
        While the booking runs, however long; then for 24 hours; after that it is as unknown as any.
        """
        link = token(room)
        room.office.clock.advance(days=30)
        assert "bk_1" == room.share.open(token=link).id
        changed(room, status=Status.CROSSED, ended_at=room.office.clock.now())
        room.office.clock.advance(hours=23, minutes=59)
        assert "bk_1" == room.share.open(token=link).id
        room.office.clock.advance(minutes=1)

        assert Missing() == room.share.open(token=link) == room.share.open(token="A" * 22)

    def test_tells_when_it_ends(self, room):
        """
        A day after the latest moment at which a vehicle on the road is a no-show; after the end, a day after it.
        """
        given = room.share.give(account="acc_1", booking="bk_1", driver=None, request=None)
        assert (
            "2026-12-04T16:00"
            == room.office.clock.now().fromisoformat(given.answer["expires_at"]).astimezone(samples.ALMATY).isoformat()[:16]
        )

    @pytest.mark.rule("36", "D15")
    def test_ends_with_its_driver(self, room):
        """
        A driver who was replaced follows the booking no more; whoever drives does.
        """
        own, anybody = token(room, 0), token(room)
        changed(room, drivers=(samples.Party("per_9", resident=True),))

        assert (Missing(), "bk_1") == (room.share.open(token=own), room.share.open(token=anybody).id)

    @pytest.mark.rule("34")
    def test_taken_back_stays_out_of_notices(self, room):
        """
        The user took it back: the next notice carries none, until he gives one anew.
        """
        room.share.link_for(room.office.booking("bk_1"), "per_2")
        room.share.revoke(account="acc_1", booking="bk_1", driver=0)
        room.deliver()
        assert [False, True] == ["/d/" in room.phones.of(phone)[0] for phone in ("+79161234567", "+8613812345678")]

        fresh = token(room, 0)
        assert room.share.link_for(room.office.booking("bk_1"), "per_2").endswith(fresh)

    def test_is_kept_by_its_hash_alone(self, room):
        """
        No row holds a token: who reads the tables cannot follow anybody.
        """
        links = [token(room, driver) for driver in (None, 0, 1)]
        kept = repr(room.office.store._shelves.items)

        assert 3 == len(set(links))
        assert not any(link in kept for link in links)

    def test_of_anothers_booking_is_neither_given_nor_taken(self, room):
        """
        A stranger, an unknown booking and a driver who is not there are missing.
        """
        for account, booking, driver in (("acc_2", "bk_1", None), ("acc_1", "bk_9", None), ("acc_1", "bk_1", 2)):
            assert Missing() == room.share.give(account=account, booking=booking, driver=driver, request=None)
            assert Missing() == room.share.revoke(account=account, booking=booking, driver=driver)

    def test_is_one_though_asked_for_at_once(self, room):
        """
        A notice and the user make it at the same moment: whoever comes second takes what is there.
        """
        store, first = room.office.store, []
        commit = store.commit

        def late(*writes):
            if not first:
                first.append(None)
                first[0] = room.share.link_for(room.office.booking("bk_1"), "per_2")
            return commit(*writes)

        store.commit = late
        assert token(room, 0) == first[0].rpartition("/")[2]

    def test_lasts_longer_than_a_delay(self, room):
        """
        A delay moves the moment at which it ends as things stand.
        """
        before = room.share.give(account="acc_1", booking="bk_1", driver=None, request=None).answer["expires_at"]
        changed(room, shift_minutes=90)
        after = room.share.give(account="acc_1", booking="bk_1", driver=None, request=None).answer["expires_at"]

        moments = [room.office.clock.now().fromisoformat(moment) for moment in (before, after)]
        assert timedelta(minutes=90) == moments[1] - moments[0]
