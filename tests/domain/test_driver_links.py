"""
What opens a driver's link, and until when.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.driver_links import DriverLink, LinkToken, ends_at, hash_of, key_of, opens, token_of
from chalicelib.domain.schedule import no_show_at
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW

BOOKED = samples.booking()
LINK = DriverLink("bk_1#per_2", "bk_1", "per_2", 2, NOW)
TOKEN = LinkToken("ab", "bk_1#per_2", 2, NOW)
DAY = timedelta(hours=24)


def opened(*, link=LINK, token=TOKEN, booking=BOOKED, now=NOW):
    """
    Tell whether the token opens the booking.
    """
    return opens(link=link, token=token, booking=booking, now=now, rules=RULES)


class TestToken:
    def test_is_128_bits_that_need_no_escape(self):
        """
        22 characters of the address alphabet; two that differ in a bit differ.
        """
        assert "AAAAAAAAAAAAAAAAAAAAAA" == token_of("0" * 64)
        assert "_____________________w" == token_of("f" * 64)
        assert token_of("0" * 31 + "1" + "0" * 32) != token_of("0" * 64)
        assert token_of("0" * 32 + "f" * 32) == token_of("0" * 64)

    def test_is_known_by_its_hash(self):
        """
        SHA-256, in hex.
        """
        assert "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" == hash_of("abc")

    def test_belongs_to_a_driver_or_to_whoever_drives(self):
        """
        Two keys of one booking.
        """
        assert ["bk_1#per_2", "bk_1#any"] == [key_of(booking="bk_1", person=person) for person in ("per_2", None)]


class TestOpening:
    @pytest.mark.parametrize("status", list(Status))
    def test_asks_that_the_booking_runs_or_has_ended_today(self, status):
        """
        Not before there is a number; after the end for a day.
        """
        follows = {Status.CONFIRMED, Status.ARRIVED, Status.CALLED, Status.ADMITTED}
        assert (status in follows) == opened(booking=replace(BOOKED, status=status))
        over = replace(BOOKED, status=status, ended_at=NOW)
        assert [True, False] == [opened(booking=over, now=moment) for moment in (NOW + DAY - timedelta(seconds=1), NOW + DAY)]

    def test_asks_for_the_latest_token_of_a_live_link(self):
        """
        A revoked one and an older one open nothing.
        """
        assert opened()
        assert not opened(link=replace(LINK, revoked_at=NOW))
        assert not opened(token=replace(TOKEN, generation=1))

    @pytest.mark.rule("36", "D15")
    def test_asks_for_a_driver_of_the_booking(self):
        """
        Whoever drives no more follows no more; a link of whoever drives names nobody.
        """
        others = replace(BOOKED, drivers=BOOKED.drivers[1:])
        assert not opened(booking=others)
        assert opened(booking=others, link=replace(LINK, person=None))


class TestEnd:
    def test_is_a_day_after_the_latest_no_show(self):
        """
        As things stand; never in the past while the booking runs.
        """
        last = no_show_at(BOOKED, RULES)
        assert last + DAY == ends_at(booking=BOOKED, now=NOW, rules=RULES)
        assert last + 2 * DAY == ends_at(booking=BOOKED, now=last + DAY, rules=RULES)
        assert NOW + DAY == ends_at(booking=replace(BOOKED, status=Status.ADMITTED), now=NOW, rules=RULES)

    def test_is_a_day_after_the_end(self):
        """
        Whenever it is looked at.
        """
        over = replace(BOOKED, status=Status.CROSSED, ended_at=NOW)
        assert NOW + DAY == ends_at(booking=over, now=NOW + 3 * DAY, rules=RULES)
