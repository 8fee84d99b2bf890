"""
Whom a notice concerns, how it must reach him, and until when it is true (§29, §34, D21).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.happenings import notice
from chalicelib.domain.notices import KINDS, Holds, figures_of, is_true, kind_of, told_of
from tests.factories import SLOT
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW

BOOKED = samples.booking()
HOUR = timedelta(hours=1)
CALLED = samples.booking(status=Status.CALLED, called_at=NOW, leave_by=SLOT + 2 * HOUR)


def example(holds):
    """
    Name a notice that is true for so long.
    """
    return next(template for template, kind in KINDS.items() if kind.holds is holds)


def told(holds, before, after):
    """
    Tell whether a notice of `before` is still true of `after`.
    """
    return is_true(template=example(holds), figures=told_of(before), booking=after)


class TestKinds:
    @pytest.mark.rule("29", "34", "D21")
    @pytest.mark.parametrize("template", ["reminded", "called", "repaced", "moved", "delayed", "extended", "must_choose"])
    def test_of_what_moves_a_trip_must_reach_everybody(self, template):
        """
        When to come is told to user and drivers, by push and by SMS.
        """
        assert (True, True) == (kind_of(template).trip, kind_of(template).must)

    @pytest.mark.parametrize("template", ["verified", "refused", "payment_late", "topped_up", "hold_expired", "expired", "nothing_known"])
    def test_of_money_and_papers_are_the_users_alone(self, template):
        """
        Nobody else learns of them, nor is he told by force.
        """
        assert (False, False) == (kind_of(template).trip, kind_of(template).must)


class TestTruth:
    @pytest.mark.rule("29", "D21")
    @pytest.mark.parametrize("status", list(Status))
    def test_of_a_slot_lasts_while_the_vehicle_is_expected(self, status):
        """
        Confirmed, waiting and called vehicles are told of their slot, the others no more.
        """
        after = replace(BOOKED, status=status)
        assert (status in {Status.CONFIRMED, Status.ARRIVED, Status.CALLED}) == told(Holds.IN_SLOT, BOOKED, after)

    @pytest.mark.parametrize(
        ("changes", "true"),
        [
            ({}, True),
            ({"version": 9, "reminded_at": NOW, "leave_by": SLOT + 3 * HOUR}, True),
            ({"slot_start": SLOT + HOUR, "slot_end": SLOT + 2 * HOUR}, False),
            ({"shift_minutes": 30}, False),
        ],
    )
    def test_of_a_slot_ends_when_the_slot_moves(self, changes, true):
        """
        Another interval or another delay is told by its own notice; a later version alone changes nothing.
        """
        assert true is told(Holds.IN_SLOT, BOOKED, replace(BOOKED, **changes))

    @pytest.mark.rule("34", "D16")
    def test_of_a_call_lasts_while_called_to_the_same_slot(self):
        """
        A booking that was moved back to waiting is called anew.
        """
        assert told(Holds.WHILE_CALLED, CALLED, CALLED)
        assert told(Holds.WHILE_CALLED, CALLED, replace(CALLED, leave_by=SLOT + 5 * HOUR))
        assert not told(Holds.WHILE_CALLED, CALLED, replace(CALLED, status=Status.CONFIRMED, called_at=None))
        assert not told(Holds.WHILE_CALLED, CALLED, replace(CALLED, slot_start=SLOT + HOUR))
        assert not told(Holds.WHILE_CALLED, CALLED, replace(CALLED, status=Status.ADMITTED))

    def test_of_a_pace_lasts_until_the_next(self):
        """
        A later moment to leave has its own notice.
        """
        assert told(Holds.AT_THIS_PACE, CALLED, replace(CALLED, version=7))
        assert not told(Holds.AT_THIS_PACE, CALLED, replace(CALLED, leave_by=SLOT + 3 * HOUR))
        assert not told(Holds.AT_THIS_PACE, CALLED, replace(CALLED, status=Status.ADMITTED))

    @pytest.mark.rule("D24")
    def test_of_an_end_lasts_while_it_is_one(self):
        """
        A passage that overrides an annulment makes its notice untrue.
        """
        annulled = replace(BOOKED, status=Status.ANNULLED)
        assert told(Holds.IN_STATUS, annulled, annulled)
        assert not told(Holds.IN_STATUS, annulled, replace(annulled, status=Status.ADMITTED))

    @pytest.mark.rule("D22", "D28")
    def test_of_a_suspension_lasts_as_long_as_it(self):
        """
        Suspended while it is, in force again while it is not; a booking that ended meanwhile is told of its end.
        """
        still = replace(BOOKED, suspended=samples.suspension())
        assert [True, False] == [told(Holds.WHILE_SUSPENDED, still, after) for after in (still, BOOKED)]
        assert [False, True] == [told(Holds.WHILE_RUNNING, BOOKED, after) for after in (still, BOOKED)]
        assert not told(Holds.WHILE_RUNNING, BOOKED, replace(BOOKED, status=Status.CANCELLED))
        held = samples.booking(status=Status.HELD)
        assert told(Holds.WHILE_RUNNING, held, held)

    def test_of_money_lasts_for_good(self):
        """
        What was paid was paid.
        """
        assert told(Holds.FOR_GOOD, BOOKED, replace(BOOKED, status=Status.CANCELLED, slot_start=SLOT + HOUR))

    def test_is_given_to_what_was_written_without_figures(self):
        """
        A message older than the figures it lacks is judged by those it has.
        """
        assert is_true(template="reminded", figures={}, booking=BOOKED)
        assert not is_true(template="reminded", figures={}, booking=replace(BOOKED, status=Status.CROSSED))

    def test_knows_an_instant_in_any_zone(self):
        """
        The store gives instants back in UTC: the same moment is the same slot.
        """
        stored = replace(BOOKED, slot_start=samples.utc(BOOKED.slot_start), slot_end=samples.utc(BOOKED.slot_end))
        assert told(Holds.IN_SLOT, BOOKED, stored)


class TestFigures:
    def test_join_what_was_told_with_vehicle_and_deadlines(self):
        """
        Everything a text may ask for, nothing that is none.
        """
        figures = figures_of(booking=BOOKED, told={"amount": 5, "none": None}, rules=RULES, as_now=True)

        assert (5, "123 АВС 02", "nur-zholy", "NZH-261203-14-07") == tuple(
            figures[name] for name in ("amount", "plate", "checkpoint", "number")
        )
        assert samples.utc(NOW + timedelta(hours=24)).isoformat() == figures["until"]
        assert not {"none", "leave_by", "valid_until"} & set(figures)

    def test_are_those_of_now_when_sent_and_those_of_then_when_read(self):
        """
        A call sent late says until when to leave now; the cabinet says what was told.
        """
        then = {"leave_by": "2026-12-03T09:00:00+00:00"}
        sent, read = (figures_of(booking=CALLED, told=then, rules=RULES, as_now=as_now)["leave_by"] for as_now in (True, False))

        assert (samples.utc(SLOT + 2 * HOUR).isoformat(), then["leave_by"]) == (sent, read)

    @pytest.mark.rule("D21")
    def test_say_when_entry_is_expected_with_its_delay(self):
        """
        A delay moves what is expected, not the interval that was booked.
        """
        late = told_of(replace(BOOKED, shift_minutes=90, valid_until=SLOT + 72 * HOUR))

        assert samples.utc(SLOT).isoformat() == late["start"]
        assert samples.utc(SLOT + timedelta(minutes=90)).isoformat() == late["expected_at"]
        assert samples.utc(SLOT + 72 * HOUR).isoformat() == late["valid_until"]

    def test_travel_with_the_notice(self):
        """
        A message carries the figures of its version; what its writer says goes before them.
        """
        row = notice(template="moved", booking=BOOKED, at=NOW, number="OLD", extra=1)

        assert {**told_of(BOOKED), "number": "OLD", "extra": 1}.items() <= row.payload.items()
