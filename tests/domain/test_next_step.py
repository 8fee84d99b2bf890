"""
What a booking waits for next, and when: derived from its state alone (§29, §34, §35, D16–D18, D21).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Excuse, Status
from chalicelib.domain.schedule import NextStep, Step, leave_by, next_step, wait_for
from tests.factories import SLOT, minutes
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW

CALL = SLOT - minutes(150)
NOTICE = SLOT - timedelta(hours=24)
STRANDED = Excuse("stranded", "ms_1", NOW)
FRESH = SLOT - minutes(200)
"""A re-check that stays good until the slot."""


def booking(**changes):
    """
    A paid one whose papers were asked for not long ago.
    """
    return samples.booking(**{"rechecked_at": FRESH, **changes})


@pytest.mark.rule("29", "34", "35", "D16", "D21")
class TestNextStep:
    @pytest.mark.parametrize(
        ("changes", "step", "at"),
        [
            ({"status": Status.VERIFYING, "verify_at": NOW}, Step.VERIFY, NOW),
            ({"status": Status.VERIFYING, "verify_at": None, "created_at": NOW}, Step.VERIFY, NOW),
            ({"status": Status.VERIFIED, "verified_at": NOW}, Step.TIDY, NOW + timedelta(hours=24)),
            ({"status": Status.HELD, "hold_expires_at": NOW}, Step.TIDY, NOW),
            ({}, Step.REMIND, NOTICE),
            ({"reminded_at": NOW}, Step.CALL, CALL),
            ({"excuse": STRANDED}, Step.LAPSE, samples.booking().slot_end + timedelta(days=7)),
            ({"status": Status.ADMITTED, "admitted_at": NOW}, Step.CROSSING, NOW + timedelta(hours=6)),
            ({"status": Status.ADMITTED, "admitted_at": NOW, "crossing_ask_at": SLOT}, Step.CROSSING, SLOT),
        ],
    )
    def test_follows_from_the_state(self, changes, step, at):
        """
        To be checked, to lapse, to be reminded a day before, called, left alone with its choice, asked for at the border.
        """
        assert NextStep(step, at) == next_step(booking(**changes), RULES)

    @pytest.mark.parametrize("status", [Status.REFUSED, Status.EXPIRED, Status.CANCELLED, Status.ANNULLED, Status.RETURNED])
    def test_is_none_when_it_is_over(self, status):
        """
        Nothing follows.
        """
        assert next_step(booking(status=status), RULES) is None

    @pytest.mark.rule("31", "D17")
    @pytest.mark.parametrize(
        ("changes", "step", "at"),
        [
            ({}, Step.EARLY, NOW),
            ({"ready_at": CALL + minutes(1)}, Step.EARLY, CALL),
            ({"ready_at": None}, Step.CALL, CALL),
            ({"rechecked_at": NOTICE, "ready_at": NOW}, Step.EARLY, NOW),
            ({"reminded_at": None}, Step.REMIND, NOTICE),
            ({"excuse": STRANDED}, Step.LAPSE, samples.booking().slot_end + timedelta(days=7)),
        ],
    )
    def test_of_the_ready_may_be_an_early_call(self, changes, step, at):
        """
        Once it was reminded and what it waits for is the call or a question: from when it said so, and never later than these.
        """
        ready = {"status": Status.ARRIVED, "arrived_at": NOW, "ready_at": NOW, "reminded_at": NOW}

        assert NextStep(step, at) == next_step(booking(**{**ready, **changes}), RULES)

    def test_of_the_called_is_no_early_call(self):
        """
        It has its call.
        """
        called = booking(status=Status.CALLED, called_at=CALL, arrived_at=NOW, ready_at=NOW, leave_by=SLOT + minutes(60))

        assert Step.ANNUL is next_step(called, RULES).step
        asked = booking(status=Status.CALLED, called_at=CALL, ready_at=NOW, officer_only="debt", rechecked_at=NOW, recheck_attempts=1)
        assert Step.RECHECK is next_step(asked, RULES).step

    def test_may_be_asked_for_whatever_else_is_due(self):
        """
        A register that is asked too late holds up no call.
        """
        late = booking(reminded_at=NOW, rechecked_at=NOTICE - timedelta(hours=1))

        assert NextStep(Step.RECHECK, NOTICE) == next_step(late, RULES)
        assert NextStep(Step.CALL, CALL) == wait_for(late, Step.CALL, RULES)
        assert wait_for(late, Step.TIDY, RULES) is None


@pytest.mark.rule("34", "D16")
class TestLeaveBy:
    def test_is_an_hour_from_being_told_or_the_intervals_end(self):
        """
        Whichever is later.
        """
        end = SLOT + minutes(60)

        assert end == leave_by(told_at=SLOT, slot_end=end, rules=RULES)
        assert end + minutes(1) == leave_by(told_at=SLOT + minutes(1), slot_end=end, rules=RULES)
        assert end == leave_by(told_at=CALL, slot_end=end, rules=RULES)
