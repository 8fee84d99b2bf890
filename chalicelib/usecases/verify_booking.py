"""
All registers are asked in parallel; silent ones are asked again by `due`, the user sees which (§17–20, D11).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.bookings import Booking, Happening, Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.happenings import event_of, notice
from chalicelib.domain.registers import Answer, CheckResult, Question
from chalicelib.domain.rules import Rules
from chalicelib.domain.verification import Check, Source, Verdict, checks_of, judge, keys_of, merged, retry_after, weighed
from chalicelib.usecases.ports import (
    Bookings,
    Clock,
    Committed,
    Committer,
    PersonalDataStore,
    PersonalDataUnavailableError,
    Registers,
    Write,
)


@dataclass(frozen=True, slots=True)
class VerifyBooking:
    """
    One round of questions about one booking; safe to run twice at once: the second finds the version changed.
    """

    committer: Committer
    bookings: Bookings
    people: PersonalDataStore
    registers: Callable[[], Registers]
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    sources: Callable[[], Sequence[Source]]
    inapplicable: Callable[[str, Booking], bool]

    def __call__(self, *, booking: str) -> bool:
        """
        Ask what is still open and write the verdict: whether something was written. Raises `StoreBusyError`.
        """
        seen = self.bookings.get(booking)
        if seen is None or seen.status is not Status.VERIFYING:
            return False
        planned = checks_of(seen, self.sources(), inapplicable=self.inapplicable)
        settled = [Answer(check.source, check.subject, result) for check, result in planned if result is not None]
        final = {(answer.source, answer.subject) for answer in seen.checks if answer.result is not CheckResult.UNAVAILABLE}
        open_ = [check for check, result in planned if result is None and (check.source, check.subject) not in final]
        answers = merged([*settled, *self._ask(seen, open_)], seen.checks)
        now = self.clock.now()
        after = self._after(seen, answers, now, self.rules_on(now))
        happening = {Status.VERIFIED: Happening.VERIFIED, Status.REFUSED: Happening.REFUSED}.get(after.status, Happening.CHECKED)
        told = () if happening is Happening.CHECKED else (Write(notice(template=happening.value, booking=after, at=now)),)
        event = event_of(booking=after, happening=happening, at=now, by="system", rules=self.rules_on(now), ground="17")
        return isinstance(self.committer.commit(Write(after, seen.version), Write(event), *told), Committed)

    def _ask(self, seen: Booking, checks: Sequence[Check]) -> Sequence[Answer]:
        try:
            ids = [seen.owner.person, *(driver.person for driver in seen.drivers)]
            records = self.people.get_many(ids, purpose="verification")
        except PersonalDataUnavailableError:
            return [Answer(check.source, check.subject, CheckResult.UNAVAILABLE) for check in checks]
        people: Mapping[str, Mapping[str, object]] = {id_: record.fields for id_, record in records.items()}
        answers = self.registers().ask([Question(check.source, check.subject, keys_of(seen, check.subject, people)) for check in checks])
        by_key = {(check.source, check.subject): check for check in checks}
        return [weighed(answer, by_key[answer.source, answer.subject]) for answer in answers]

    def _after(self, seen: Booking, answers: tuple[Answer, ...], now: datetime, rules: Rules) -> Booking:
        verdict = judge(seen, answers, now=now, rules=rules)
        if verdict is Verdict.PASSED:
            return seen.after(Happening.VERIFIED, checks=answers, verified_at=now, verify_at=None)
        if verdict is Verdict.WAITING:
            attempts = seen.verify_attempts + 1
            return seen.after(Happening.CHECKED, checks=answers, verify_attempts=attempts, verify_at=now + retry_after(attempts - 1, rules))
        code = Code.VERIFICATION_FAILED if verdict is Verdict.FAILED else Code.VERIFICATION_UNAVAILABLE
        return seen.after(Happening.REFUSED, checks=answers, refusal=code.value, verify_at=None, ended_at=now)
