"""
Consents by rule: who vouches, what stands, what is asked anew; and identity sessions (§16, §18.12).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.consents import ConsentStatus, Text, Via, asked_for, known_answer, status_after, who
from chalicelib.domain.identity import SessionStatus
from chalicelib.domain.registers import Answer, CheckResult
from tests.fakes.consents import NOW, consent, session
from tests.fakes.rules import RULES

WANTED = consent(status=ConsentStatus.PENDING, answered_at=None)


@pytest.mark.rule("16")
class TestConsent:
    @pytest.mark.parametrize(
        ("known", "anew"),
        [
            (consent(), False),
            (consent(status=ConsentStatus.PENDING), False),
            (consent(status=ConsentStatus.REFUSED), True),
            (consent(status=ConsentStatus.WITHDRAWN), True),
            (consent(text=Text("2027.01", "cd")), True),
            (consent(via=Via.AGREEMENT), True),
        ],
    )
    def test_is_asked_for_anew_only_where_it_does_not_stand(self, known, anew):
        """
        Given or pending to the same text by the same way stands; refused, taken back, to an older text or by another way it is asked again.
        """
        after = asked_for(known, wanted=WANTED)

        assert anew == (after is not known)
        assert not anew or (known.round + 1, known.version + 1, ConsentStatus.PENDING) == (after.round, after.version, after.status)
        assert not anew or after.reference != known.reference

    @pytest.mark.parametrize(
        ("known", "expected"),
        [
            (consent(via=Via.AGREEMENT), CheckResult.PASSED),
            (consent(via=Via.AGREEMENT, status=ConsentStatus.WITHDRAWN), CheckResult.FAILED),
            (consent(status=ConsentStatus.REFUSED), CheckResult.FAILED),
            (consent(), None),
            (consent(status=ConsentStatus.PENDING), None),
        ],
    )
    def test_through_the_state_service_is_looked_up_each_time(self, known, expected):
        """
        The service knows best whether a consent still stands; an agreement and a refusal are known here.
        """
        answer = known_answer(known, "owner")

        assert expected == (answer.result if answer else None)

    @pytest.mark.parametrize(
        ("answer", "status"),
        [
            (Answer("consent", "owner", CheckResult.PASSED), ConsentStatus.GIVEN),
            (Answer("consent", "owner", CheckResult.FAILED, message="CONSENT_REFUSED"), ConsentStatus.REFUSED),
            (Answer("consent", "owner", CheckResult.FAILED, message="CONSENT_WITHDRAWN"), ConsentStatus.WITHDRAWN),
            (Answer("consent", "owner", CheckResult.UNAVAILABLE, message="CONSENT_PENDING"), ConsentStatus.PENDING),
            (Answer("consent", "owner", CheckResult.UNAVAILABLE), ConsentStatus.PENDING),
        ],
    )
    def test_becomes_what_the_service_says_and_silence_says_nothing(self, answer, status):
        """
        Only a plain yes is one.
        """
        assert status is status_after(answer)

    def test_that_is_the_same_again_changes_nothing(self):
        """
        No new version for what is known.
        """
        known = consent()

        assert known is known.answered(ConsentStatus.GIVEN, NOW)

    def test_that_was_asked_about_in_vain_counts_its_tries(self):
        """
        Each is a version; an answer keeps when it came.
        """
        known, later = consent(status=ConsentStatus.PENDING, answered_at=None), NOW + timedelta(minutes=1)

        assert replace(known, tries=known.tries + 2, version=known.version + 2) == known.polled().polled()
        assert replace(known, status=ConsentStatus.REFUSED, answered_at=later, version=known.version + 1) == known.answered(
            ConsentStatus.REFUSED, later
        )

    def test_answers_for_whom_it_was_asked_and_why_not(self):
        """
        A withdrawn and a refused one differ in their words.
        """
        given, refused, back = (
            consent(via=Via.AGREEMENT),
            consent(status=ConsentStatus.REFUSED),
            consent(status=ConsentStatus.WITHDRAWN),
        )

        assert Answer("consent", "driver:1", CheckResult.PASSED) == known_answer(given, "driver:1")
        assert Answer("consent", "driver:1", CheckResult.FAILED, message="CONSENT_REFUSED") == known_answer(refused, "driver:1")
        assert Answer("consent", "driver:1", CheckResult.FAILED, message="CONSENT_WITHDRAWN") == known_answer(back, "driver:1")

    def test_is_what_is_wanted_where_none_is_known(self):
        """
        The first asking is the first round.
        """
        assert WANTED is asked_for(None, wanted=WANTED)
        assert f"{WANTED.id}-{WANTED.round}" == WANTED.reference

    def test_is_one_for_each_person(self):
        """
        People are told apart by number, else document, else phone and name.
        """
        people = [
            {"iin": "1", "document": {"number": "A"}},
            {"iin": "2"},
            {"document": {"country": "CN", "number": "A"}},
            {"document": {"country": "UZ", "number": "A"}},
            {"phone": "+7", "name": "A"},
            {"phone": "+8", "name": "A"},
        ]

        assert [
            "number 1",
            "number 2",
            "document CN A",
            "document UZ A",
            "person +7 A",
            "person +8 A",
        ] == [who(fields) for fields in people]
        assert "number 9" == who({"bin": "9", "phone": "+7"})
        assert who({"iin": "1"}) == who(people[0])


@pytest.mark.rule("18.12")
class TestSession:
    def test_proves_while_it_is_fresh(self):
        """
        A completed session stands for the policy's days and no longer; a pending or failed one never.
        """
        done = session()
        end = NOW + RULES.identity_validity

        assert done.proves(now=end - timedelta(seconds=1), rules=RULES)
        assert not done.proves(now=end, rules=RULES)
        assert not any(
            replace(done, status=status).proves(now=NOW, rules=RULES) for status in (SessionStatus.PENDING, SessionStatus.FAILED)
        )

    def test_turns_once(self):
        """
        What the camera has decided stays.
        """
        failed = session(status=SessionStatus.PENDING, completed_at=None).turned(SessionStatus.FAILED, NOW)

        assert SessionStatus.FAILED is failed.status
        assert failed is failed.turned(SessionStatus.COMPLETED, NOW)
