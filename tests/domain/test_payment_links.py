"""
What a payment link opens and what it tells its payer (§23, decision 0039).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.driver_links import LinkToken
from chalicelib.domain.payment_links import LinkState, PaymentLink, booking_of, key_of, opens, state_of
from chalicelib.domain.payments import AttemptState, PaymentAttempt
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW

LINK = PaymentLink("bk_1", 3, NOW)
A_DAY = timedelta(hours=24)


def token(link="bk_1#pay", generation=3):
    """
    A token of a link.
    """
    return LinkToken("ab", link, generation, NOW)


@pytest.mark.rule("23")
class TestLink:
    @pytest.mark.parametrize(
        ("found", "booking"),
        [
            (token(key_of("bk_1")), "bk_1"),
            (token("bk_1#per_2"), None),
            (token("bk_1#any"), None),
            (token("bk#1#pay"), "bk#1"),
            (None, None),
        ],
    )
    def test_is_for_paying_only(self, found, booking):
        """
        A driver's token pays for nothing, an unknown one neither.
        """
        assert booking == booking_of(found)

    @pytest.mark.parametrize(
        ("link", "generation", "after", "open_"),
        [
            (LINK, 3, timedelta(), True),
            (LINK, 3, A_DAY - timedelta(microseconds=1), True),
            (LINK, 3, A_DAY, False),
            (LINK, 2, timedelta(), False),
            (LINK, 4, timedelta(), False),
            (replace(LINK, revoked_at=NOW), 3, timedelta(), False),
        ],
    )
    def test_opens_for_a_day_until_it_is_taken_back(self, link, generation, after, open_):
        """
        The latest token only, for less than 24 hours.
        """
        assert open_ == opens(link=link, token=token(generation=generation), now=NOW + after, rules=RULES)


@pytest.mark.rule("23")
class TestState:
    @pytest.mark.parametrize(
        ("changes", "attempt", "open_", "expected"),
        [
            ({}, None, True, LinkState.WAITING),
            ({}, None, False, LinkState.CLOSED),
            ({}, AttemptState.OPEN, True, LinkState.WAITING),
            ({}, AttemptState.SUCCEEDED, True, LinkState.LATE),
            ({"confirmed_at": NOW, "status": Status.CONFIRMED}, None, False, LinkState.PAID),
            ({"confirmed_at": NOW, "status": Status.CROSSED}, AttemptState.SUCCEEDED, False, LinkState.PAID),
            ({"hold_expires_at": NOW}, None, True, LinkState.LAPSED),
            ({"status": Status.CANCELLED}, None, True, LinkState.LAPSED),
            ({"status": Status.CANCELLED}, AttemptState.SUCCEEDED, True, LinkState.LATE),
        ],
    )
    def test_tells_the_payer_what_became_of_it(self, changes, attempt, open_, expected):
        """
        Paid whoever paid it; money too late; over; to be paid; not now.
        """
        held = {"status": Status.HELD, "confirmed_at": None, "hold_expires_at": NOW + timedelta(minutes=1)}
        paid = None if attempt is None else PaymentAttempt("att_1", "acc_1", "link", 5, attempt, NOW, 1)

        assert expected is state_of(booking=samples.booking(**{**held, **changes}), attempt=paid, now=NOW, rules=RULES, open_=open_)
