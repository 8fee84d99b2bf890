"""
What is asked again and when, what ends too early, and when only an officer may open (§18.17-1, §18.18, D11).
"""

from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest

from chalicelib.domain.bookings import EXPECTED, Happening, Status
from chalicelib.domain.rechecks import checks_again, officer_word, rechecked
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.schedule import Step, next_step, wait_for
from chalicelib.domain.validity import as_shown, ending_before_trip
from chalicelib.domain.vehicles import Party
from chalicelib.jurisdictions import jurisdiction
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, NOW

SOURCES = jurisdiction().verification_sources()
RECHECKS = {"4", "5", "8", "15", "16"}
"""D11, word by word."""
START = samples.booking().slot_start
HOUR = timedelta(hours=1)
PASSED, FAILED, SILENT = CheckResult.PASSED, CheckResult.FAILED, CheckResult.UNAVAILABLE
EARLY, LATE = DAY - timedelta(days=1), DAY


def booking(**changes):
    """
    A confirmed booking whose insurance passed, reminded of already.
    """
    fields = {"checks": (Answer("8", "vehicle", PASSED, LATE), Answer("18", "vehicle", CheckResult.LATER)), "reminded_at": NOW}
    return samples.booking(**{**fields, **changes})


def awaits(seen, step, *, now, rules):
    """
    Tell whether a step may act on a booking now.
    """
    wait = wait_for(seen, step, rules)
    return wait is not None and wait.at <= now


def asked(seen, *answers, now=START - 24 * HOUR):
    """
    Recheck.
    """
    return rechecked(seen, answers, now=now, rules=RULES, rechecks=RECHECKS)


@pytest.mark.rule("D11", "18.4", "18.5", "18.8", "18.15", "18.16")
class TestAgain:
    def test_asks_what_the_decision_names(self):
        """
        4, 5 for each driver, 8, 15 and 16; nothing else.
        """
        found = checks_again(booking(), SOURCES, inapplicable=lambda *_: False)

        assert RECHECKS == {check.source for check in found}
        assert ["driver:0", "driver:1"] == [check.subject for check in found if check.source == "5"]

    @pytest.mark.rule("D12")
    def test_leaves_out_what_is_not_applicable(self):
        """
        Goods' papers only for goods that need them.
        """
        found = checks_again(booking(), SOURCES, inapplicable=lambda source, _: source in {"15", "16"})

        assert {"4", "5", "8"} == {check.source for check in found}

    @pytest.mark.rule("18.18")
    def test_asks_for_movement_and_weighing_once_crossed(self):
        """
        After the trip source 18 and nothing else.
        """
        found = checks_again(booking(status=Status.CROSSED, crossed_at=NOW), SOURCES, inapplicable=lambda *_: False)

        assert ["18"] == [check.source for check in found]


@pytest.mark.rule("D11")
class TestWhen:
    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            pytest.param({}, START - 24 * HOUR, id="24 h before"),
            pytest.param({"verified_at": START - 20 * HOUR}, START - 8 * HOUR, id="verified inside 24 h: when that is 12 h old"),
            pytest.param({"rechecked_at": START - 24 * HOUR}, START - 12 * HOUR, id="asked: when that is 12 h old"),
            pytest.param({"rechecked_at": START - 12 * HOUR}, None, id="not at the slot itself"),
            pytest.param({"rechecked_at": START - 24 * HOUR, "officer_only": "8:X"}, START - 23 * HOUR, id="failed: within the hour"),
            pytest.param({"rechecked_at": START - 24 * HOUR, "recheck_attempts": 2}, START - 24 * HOUR + timedelta(minutes=2), id="silent"),
            pytest.param({"rechecked_at": NOW - timedelta(days=30)}, START - 24 * HOUR, id="asked for an earlier date"),
            pytest.param({"shift_minutes": 600}, START - 14 * HOUR, id="delayed"),
            pytest.param({"called_at": START - 2 * HOUR}, None, id="called"),
        ],
    )
    def test_is_24_hours_before_and_never_older_than_the_policy(self, changes, expected):
        """
        The list of admissions is signed on a word at most 12 hours old; failures are looked at hourly, silence with back-off.
        """
        seen = booking(**changes)
        due = [
            moment
            for hours in range(1, 40)
            for moment in [START + 20 * HOUR - hours * HOUR]
            if awaits(seen, Step.RECHECK, now=moment, rules=RULES)
        ]

        if expected is None:
            assert [] == due
        else:
            assert awaits(seen, Step.RECHECK, now=expected, rules=RULES)
            assert not awaits(seen, Step.RECHECK, now=expected - timedelta(seconds=1), rules=RULES)

    @pytest.mark.parametrize("status", [status for status in Status if status not in EXPECTED])
    def test_is_never_for_who_is_not_expected(self, status):
        """
        Before the booking and after its end nobody is asked.
        """
        assert not awaits(booking(status=status), Step.RECHECK, now=START, rules=RULES)

    def test_of_a_called_vehicle_is_while_an_officer_would_decide(self):
        """
        Papers renewed on the way open the barrier again.
        """
        seen = booking(status=Status.CALLED, called_at=START - 2 * HOUR, rechecked_at=START - 3 * HOUR, officer_only="8:X")

        assert awaits(seen, Step.RECHECK, now=START - 2 * HOUR, rules=RULES)

    @pytest.mark.rule("34")
    def test_never_holds_up_a_call(self):
        """
        With the recheck overdue the call may be made all the same.
        """
        assert awaits(booking(), Step.CALL, now=START, rules=RULES)

    @pytest.mark.rule("18.18")
    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            pytest.param({}, NOW + HOUR, id="an hour after"),
            pytest.param({"rechecked_at": NOW - HOUR}, NOW + HOUR, id="asked before the trip"),
            pytest.param({"rechecked_at": NOW, "recheck_attempts": 3}, NOW + HOUR, id="asked at the crossing"),
            pytest.param({"rechecked_at": NOW + HOUR, "recheck_attempts": 1}, NOW + HOUR + timedelta(minutes=2), id="silent"),
            pytest.param({"rechecked_at": NOW + 72 * HOUR, "recheck_attempts": 9}, None, id="silent for three days"),
            pytest.param({"checks": (Answer("18", "vehicle", PASSED),)}, None, id="answered"),
        ],
    )
    def test_after_the_trip_ends_with_an_answer_or_three_days(self, changes, expected):
        """
        Source 18 is asked an hour after the crossing, again while silent, at most for 72 hours.
        """
        step = next_step(booking(status=Status.CROSSED, crossed_at=NOW, **changes), RULES)

        assert expected == (step.at.astimezone(UTC) if step else None)


@pytest.mark.rule("D11")
class TestWord:
    @pytest.mark.parametrize(
        ("answer", "word"),
        [
            (Answer("8", "vehicle", PASSED, LATE), None),
            (Answer("8", "vehicle", PASSED), None),
            (Answer("8", "vehicle", PASSED, EARLY), "8:EXPIRES_BEFORE_SLOT"),
            (Answer("8", "vehicle", FAILED, message="INSURANCE_MISSING"), "8:INSURANCE_MISSING"),
            (Answer("5", "driver:0", FAILED), "5:NOT_CONFIRMED"),
            (Answer("14", "vehicle", PASSED, EARLY), None),
            (Answer("8", "vehicle", SILENT), None),
        ],
    )
    def test_leaves_the_barrier_to_the_officer_for_what_is_asked_again(self, answer, word):
        """
        Failed or ending before the trip: the officer decides; an inspection's end is told only; silence leaves the pass that was given.
        """
        assert word == asked(booking(), answer).officer_only

    def test_is_taken_back_by_a_later_pass(self):
        """
        Renewed: the barrier opens by itself again.
        """
        held = asked(booking(), Answer("8", "vehicle", FAILED))

        assert asked(held, Answer("8", "vehicle", PASSED, LATE)).officer_only is None

    def test_is_not_lifted_by_silence(self):
        """
        A register that does not answer confirms no renewal.
        """
        held = asked(booking(), Answer("8", "vehicle", FAILED))

        after = asked(held, Answer("8", "vehicle", SILENT))
        assert ("8:NOT_CONFIRMED", 1, FAILED) == (after.officer_only, after.recheck_attempts, after.checks[0].result)

    def test_moves_with_the_trip(self):
        """
        Insurance that covered the booked day does not cover a day to which a delay moved it.
        """
        late = replace(booking(checks=(Answer("8", "vehicle", PASSED, DAY),)), shift_minutes=11 * 60)

        assert officer_word(booking(), rules=RULES, rechecks=frozenset(RECHECKS)) is None
        assert "8:EXPIRES_BEFORE_SLOT" == officer_word(late, rules=RULES, rechecks=frozenset(RECHECKS))

    @pytest.mark.rule("18.18")
    def test_is_no_matter_after_the_trip(self):
        """
        What registers say of the trip afterwards changes its record and nothing else.
        """
        after = asked(booking(status=Status.CROSSED, crossed_at=NOW), Answer("18", "vehicle", FAILED, message="MOVEMENT_NOT_CONFIRMED"))

        assert (Status.CROSSED, None, FAILED) == (after.status, after.officer_only, after.checks[1].result)

    def test_rebuilds_from_its_event(self):
        """
        Everything a recheck changes is in what its event keeps.
        """
        seen = booking()
        after = asked(seen, Answer("8", "vehicle", FAILED))

        assert after == replace(seen, **after.changed)
        assert seen.may(Happening.RECHECKED)


@pytest.mark.rule("D11")
class TestValidity:
    def test_is_named_for_all_that_ends_before_the_trip_the_earliest_first(self):
        """
        Passes and drivers' documents whose last day is before the booked one; what ends on that day holds.
        """
        seen = booking(
            checks=(Answer("8", "vehicle", PASSED, EARLY), Answer("14", "vehicle", PASSED, LATE), Answer("3", "driver:0", FAILED, EARLY)),
            drivers=(Party("a", resident=True, document_until=date(2026, 11, 1)), Party("b", resident=False, document_until=DAY)),
        )

        assert [("document", "driver:0"), ("8", "vehicle")] == [(each.what, each.subject) for each in ending_before_trip(seen, RULES)]

    def test_is_a_notice_and_never_a_refusal(self):
        """
        Shown as a notice with its last day; the pass behind it stays a pass.
        """
        seen = booking(checks=(Answer("8", "vehicle", PASSED, EARLY),), drivers=(Party("a", resident=True, document_until=EARLY),))

        shown = as_shown(seen, RULES)
        assert [("8", "notice", "EXPIRES_BEFORE_SLOT", EARLY), ("document", "notice", "DOCUMENT_EXPIRES", EARLY)] == [
            (each.source, each.result, each.message, each.valid_until) for each in shown
        ]
        assert PASSED is seen.checks[0].result

    def test_of_an_expired_document_is_told_before_there_is_a_slot(self):
        """
        A document that has ended already is noticed with the application.
        """
        seen = booking(slot_start=None, slot_end=None, drivers=(Party("a", resident=True, document_until=NOW.date() - timedelta(days=1)),))

        assert ["document"] == [each.source for each in as_shown(seen, RULES) if each.result is CheckResult.NOTICE]

    @pytest.mark.rule("18.17-1")
    def test_of_the_deposit_is_our_own_ledger_s(self):
        """
        17-1 is later until the booking is confirmed in one transaction with the deposit, passed from then on.
        """
        seen = booking(checks=(Answer("17-1", "user", CheckResult.LATER),))

        assert [PASSED] == [each.result for each in as_shown(seen, RULES)]
        assert [CheckResult.LATER] == [each.result for each in as_shown(replace(seen, confirmed_at=None), RULES)]
