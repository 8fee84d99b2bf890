"""
A booking's life is one table: what is in it happens, anything else is an error; what it waits for follows from its state (§28, §29, §34, §35).
"""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import TRANSITIONS, Happening, ImpossibleTransitionError, Status
from chalicelib.domain.schedule import Step, next_step
from tests.factories import SLOT, minutes
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW

END = SLOT + minutes(60)
SUMMER = SLOT.replace(year=2026, month=7)


def happens(*pairs):
    """
    Spell what may happen in a status, as `status: happening → status`.
    """
    return {(Status(status), Happening(happening)): Status(after) for status, happening, after in pairs}


ON_THE_WAY = ("confirmed", "arrived", "called")
CORRECTING = {Happening.RECHECKED, Happening.RETIMED, Happening.REDRESSED, Happening.NOTICES_RESENT, Happening.LOCK_RELEASED}
"""What leaves a booking where it is."""
OVER = ("crossed", "cancelled", "annulled", "returned", "withdrawn")
STAYING = (
    "postponed",
    "repaced",
    "rechecked",
    "drivers_changed",
    "trailer_changed",
    "shifted",
    "class_changed",
    "redressed",
    "suspended",
    "resumed",
)

TABLE = happens(
    ("verifying", "checked", "verifying"),
    ("verifying", "verified", "verified"),
    ("verifying", "refused", "refused"),
    ("verifying", "cancelled", "cancelled"),
    ("verified", "held", "held"),
    ("verified", "expired", "expired"),
    ("verified", "cancelled", "cancelled"),
    ("held", "held", "held"),
    ("held", "payment_started", "held"),
    ("held", "payment_ended", "held"),
    ("held", "confirmed", "confirmed"),
    ("held", "expired", "expired"),
    ("held", "cancelled", "cancelled"),
    ("confirmed", "reminded", "confirmed"),
    ("confirmed", "arrived", "arrived"),
    ("confirmed", "called", "called"),
    ("arrived", "reminded", "arrived"),
    ("arrived", "called", "called"),
    ("arrived", "left_area", "arrived"),
    ("called", "arrived", "arrived"),
    ("called", "left_area", "called"),
    ("arrived", "ready", "arrived"),
    *((status, "retimed", status) for status in ("verifying", "verified", "held", *ON_THE_WAY, "admitted", "crossed")),
    *((status, "admitted", "admitted") for status in (*ON_THE_WAY, "cancelled", "annulled", "withdrawn")),
    *((status, "crossed", "crossed") for status in (*ON_THE_WAY, "admitted")),
    *((status, end, end) for status in ON_THE_WAY for end in ("cancelled", "annulled", "withdrawn")),
    *((status, stays, status) for status in ON_THE_WAY for stays in STAYING),
    *((status, stays, status) for status in ("admitted", *OVER) for stays in ("rechecked", "redressed")),
    *((status, stays, status) for status in ("verifying", "verified", "held") for stays in ("suspended", "resumed")),
    *((status, stays, status) for status in ("confirmed", "arrived") for stays in ("rescheduled", "plate_corrected")),
    *((status, "relocated", "confirmed") for status in ON_THE_WAY),
    *((status, "relocated_in_area", "arrived") for status in ("arrived", "called")),
    *((status, "moved", "confirmed") for status in ("confirmed", "called")),
    *((status, "moved_in_area", "arrived") for status in ("arrived", "called")),
    ("admitted", "returned", "returned"),
    *((status, "notices_resent", status) for status in ("verified", "refused", "expired", *ON_THE_WAY, "admitted", *OVER)),
    *((status, "lock_released", status) for status in ("expired", *OVER)),
)
"""Written a second time on purpose: a change of the law's table is made twice or not at all."""


def booking(status=Status.CONFIRMED, *, start=SLOT, **changes):
    """
    A booking of the hour that begins at a moment.
    """
    return samples.booking(status=status, slot_start=start, slot_end=start + minutes(60), day=start.date(), **changes)


class TestTransitions:
    def test_are_the_table(self):
        """
        Nothing more and nothing less.
        """
        assert TABLE == dict(TRANSITIONS)

    @pytest.mark.parametrize(("status", "happening"), list(itertools.product(Status, Happening)))
    def test_happen_as_the_table_says_or_not_at_all(self, status, happening):
        """
        Each pair of status and happening leads where the table says, one version on; every other pair is an error and changes nothing.
        """
        seen = booking(status)

        assert ((status, happening) in TABLE) == seen.may(happening)
        if (status, happening) in TABLE:
            after = seen.after(happening)
            assert (TABLE[status, happening], seen.version + 1) == (after.status, after.version)
        else:
            with pytest.raises(ImpossibleTransitionError):
                seen.after(happening)

    @pytest.mark.parametrize("status", [Status.REFUSED, Status.EXPIRED, Status.CROSSED, Status.RETURNED, Status.WITHDRAWN])
    def test_end_somewhere(self, status):
        """
        Nothing follows a final status but what registers say after the trip (§18.18), what a complaint sets right (§28, D22),
        the registrar's help, and, after a withdrawal, the passage of D24.
        """
        after = {happening for happening in Happening if booking(status).may(happening)}

        assert after <= {*CORRECTING, Happening.ADMITTED}
        assert (Happening.ADMITTED in after) == (status is Status.WITHDRAWN)

    @pytest.mark.rule("D24")
    @pytest.mark.parametrize("status", [Status.CANCELLED, Status.ANNULLED, Status.WITHDRAWN])
    def test_let_only_a_passage_undo_an_end(self, status):
        """
        What the gate let in is in, whatever was decided meanwhile; nothing else revives a booking.
        """
        moving = [happening for happening in Happening if booking(status).may(happening) and happening not in CORRECTING]

        assert [Happening.ADMITTED] == moving


@pytest.mark.rule("D11", "D32")
class TestRunningOut:
    def test_of_a_hold_is_computed(self):
        """
        From its end on a hold is lapsed, whatever is written.
        """
        held = booking(Status.HELD, hold_expires_at=NOW)

        assert Status.HELD == held.status_at(NOW - timedelta(microseconds=1), RULES)
        assert Status.EXPIRED == held.status_at(NOW, RULES)

    def test_of_an_application_comes_after_24_hours(self):
        """
        A verified application is good for 24 hours.
        """
        verified = booking(Status.VERIFIED, verified_at=NOW)

        assert Status.VERIFIED == verified.status_at(NOW + timedelta(hours=24) - timedelta(microseconds=1), RULES)
        assert Status.EXPIRED == verified.status_at(NOW + timedelta(hours=24), RULES)

    @pytest.mark.parametrize("status", [status for status in Status if status not in {Status.HELD, Status.VERIFIED}])
    def test_concerns_no_other_status(self, status):
        """
        Everything else ends by what happens, not by itself.
        """
        assert status == booking(status).status_at(NOW + timedelta(days=900), RULES)


class TestNextStep:
    @pytest.mark.rule("34", "D16")
    @pytest.mark.parametrize(
        ("start", "lead"), [(SUMMER, 90), (SLOT, 150), (SLOT.replace(month=3, day=31), 150), (SLOT.replace(month=4, day=1), 90)]
    )
    def test_calls_by_season(self, start, lead):
        """
        90 minutes before the booked time in summer, 150 in winter, by the booked date.
        """
        step = next_step(booking(start=start, reminded_at=NOW, rechecked_at=start - minutes(300)), RULES)

        assert (Step.CALL, start - minutes(lead)) == (step.step, step.at)

    @pytest.mark.rule("29")
    def test_reminds_24_hours_before(self):
        """
        First the notice of arrival, then the call.
        """
        step = next_step(booking(), RULES)

        assert (Step.REMIND, SLOT - timedelta(hours=24)) == (step.step, step.at)

    def test_verifies_tidies_and_then_rests(self):
        """
        Each status has its own step; what is over waits for nothing.
        """
        waits = {status: next_step(booking(status, verify_at=None, hold_expires_at=NOW, verified_at=NOW), RULES) for status in Status}
        steps = {status: wait.step for status, wait in waits.items() if wait is not None}

        assert {
            Status.VERIFYING: Step.VERIFY,
            Status.VERIFIED: Step.TIDY,
            Status.HELD: Step.TIDY,
            Status.CONFIRMED: Step.REMIND,
            Status.ARRIVED: Step.REMIND,
            Status.CALLED: Step.REMIND,
        } == steps

    @pytest.mark.rule("35", "D18")
    def test_looks_again_at_a_postponed_no_show(self):
        """
        Never before the no-show's own moment, and not before the moment it was put off to.
        """
        called = booking(Status.CALLED, called_at=SLOT - minutes(150), reminded_at=NOW)

        assert (Step.ANNUL, END + minutes(60)) == (next_step(called, RULES).step, next_step(called, RULES).at)
        later = replace(called, annul_not_before=END + minutes(90))
        assert END + minutes(90) == next_step(later, RULES).at
