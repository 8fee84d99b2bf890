"""
Which registers are asked about whom, and what their answers come to; a pass is never invented (§17–20, D10–D12).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.vehicles import Party
from chalicelib.domain.verification import Check, Verdict, checks_of, judge, merged, retry_after, weighed
from chalicelib.jurisdictions import jurisdiction
from tests import factories
from tests.fakes import samples
from tests.fakes.office import SOURCES
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW

KAZAKHSTAN = jurisdiction()
RESIDENTS = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "17-1", "17-2", "18"}
NON_RESIDENTS = {"1", "4", "5", "8", "10", "14", "15", "16", "17", "17-1", "17-2", "18"}


def asked(resident):
    """
    Name the sources that concern a booking all of whose people are residents, or none.
    """
    booking = samples.booking(owner=Party("p", resident=resident), drivers=(Party("d", resident=resident),))
    return {check.source for check, _ in checks_of(booking, KAZAKHSTAN.verification_sources(), inapplicable=lambda *_: False)}


def answer(result, source="1", subject="user"):
    """
    An answer.
    """
    return Answer(source, subject, result)


class TestWhoIsAskedAbout:
    @pytest.mark.rule("19", "D10")
    def test_are_residents_and_others_by_their_own_lists(self):
        """
        The matrix of §19, from the jurisdiction's data: every source for residents (10 and 17 as a notice), twelve for others.
        """
        assert RESIDENTS == asked(True)
        assert NON_RESIDENTS == asked(False)

    @pytest.mark.rule("D10")
    def test_is_each_driver_by_himself(self):
        """
        Two drivers, one of them no resident: each is asked about where the source applies to him.
        """
        booking = samples.booking(drivers=(Party("a", resident=True), Party("b", resident=False)))
        found = checks_of(booking, SOURCES, inapplicable=lambda *_: False)

        assert ["driver:0"] == [check.subject for check, _ in found if check.source == "13"]

    @pytest.mark.rule("18", "D11", "D12")
    def test_is_nobody_where_it_is_later_or_not_applicable(self):
        """
        17-1 is proved when the booking is confirmed; a source without a subject is not applicable; the rest is asked.
        """
        found = checks_of(samples.booking(), SOURCES, inapplicable=lambda source, _: source == "2")

        results = {check.source: result for check, result in found}
        assert {"1": None, "2": CheckResult.NOT_APPLICABLE, "10": None, "13": None, "17-1": CheckResult.LATER} == results


@pytest.mark.rule("17", "20", "D11")
class TestVerdict:
    @pytest.mark.parametrize("others", [(), (CheckResult.UNAVAILABLE,)])
    def test_is_failed_by_one_failure(self, others):
        """
        One failed check refuses, silent ones beside it or not.
        """
        answers = [answer(CheckResult.FAILED), *(answer(result, "2") for result in others)]

        assert Verdict.FAILED == judge(factories.verified(), answers, now=NOW, rules=RULES)

    def test_passes_with_notices_and_what_comes_later(self):
        """
        A notice, something not applicable, something later do not stand against it.
        """
        results = (CheckResult.PASSED, CheckResult.NOTICE, CheckResult.NOT_APPLICABLE, CheckResult.LATER)

        assert Verdict.PASSED == judge(factories.verified(), [answer(result) for result in results], now=NOW, rules=RULES)

    def test_waits_for_a_silent_register_24_hours(self):
        """
        Silence is not a failure; after 24 hours it is overdue.
        """
        answers = [answer(CheckResult.PASSED), answer(CheckResult.UNAVAILABLE, "2")]
        end = NOW + timedelta(hours=24)

        assert Verdict.WAITING == judge(factories.verified(), answers, now=end - timedelta(seconds=1), rules=RULES)
        assert Verdict.OVERDUE == judge(factories.verified(), answers, now=end, rules=RULES)

    @pytest.mark.parametrize("result", list(CheckResult))
    @pytest.mark.rule("19")
    def test_softens_only_failures_of_notice_sources(self, result):
        """
        Residents are told about fines and tolls, not refused for them; other results stay what they are.
        """
        lenient, strict = (weighed(answer(result), Check("1", "user", notice_only=only)).result for only in (True, False))

        assert (CheckResult.NOTICE if result is CheckResult.FAILED else result) == lenient
        assert result == strict


class TestMerging:
    def test_never_lets_silence_overwrite_an_answer(self):
        """
        What was answered once stays when the register is silent later; a later answer replaces silence.
        """
        passed, silent = answer(CheckResult.PASSED), answer(CheckResult.UNAVAILABLE)

        assert (passed,) == merged([silent], [passed])
        assert (passed,) == merged([passed], [silent])
        assert (silent,) == merged([silent], [])

    @pytest.mark.rule("D11")
    def test_lets_silence_last_since_it_began(self):
        """
        Asked again in vain: since when it is silent stays; an answer ends it.
        """
        first, second = (replace(answer(CheckResult.UNAVAILABLE), at=NOW + timedelta(minutes=late)) for late in (0, 1))

        assert (first,) == merged([second], [first])
        assert (answer(CheckResult.PASSED),) == merged([answer(CheckResult.PASSED)], [first])

    def test_orders_by_source_and_subject(self):
        """
        17 before 17-1 before 18, and 2 before 10.
        """
        sources = ["18", "17-2", "10", "17", "2", "17-1"]

        assert ["2", "10", "17", "17-1", "17-2", "18"] == [
            each.source for each in merged([answer(CheckResult.PASSED, source) for source in sources], [])
        ]

    def test_waits_twice_as_long_each_time_up_to_half_an_hour(self):
        """
        1, 2, 4 … 30 minutes.
        """
        assert [1, 2, 4, 8, 16, 30, 30, 30] == [retry_after(tries, RULES) // timedelta(minutes=1) for tries in (0, 1, 2, 3, 4, 5, 6, 99)]
