"""
All registers are asked in parallel; silent ones are asked again by `due`, the user sees which (§17–20, D11).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.bookings import Booking, Happening, Status
from chalicelib.domain.consents import CONSENT
from chalicelib.domain.decisions import Code
from chalicelib.domain.happenings import event_of, notice
from chalicelib.domain.holders import NUMBERS
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.rules import Rules
from chalicelib.domain.verification import Check, Source, Verdict, checks_of, judge, merged, retry_after, still_open
from chalicelib.usecases.ask_registers import AskRegisters
from chalicelib.usecases.gather_proofs import GatherProofs, lacks_consent
from chalicelib.usecases.ports import Accounts, Bookings, Clock, Committed, Committer, Write


@dataclass(frozen=True, slots=True)
class VerifyBooking:
    """
    One round of questions about one booking; safe to run twice at once: the second finds the version changed.
    """

    committer: Committer
    bookings: Bookings
    accounts: Accounts
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    ask: AskRegisters
    proofs: GatherProofs
    sources: Callable[[], Sequence[Source]]
    inapplicable: Callable[[str, Booking], bool]

    def __call__(self, *, booking: str) -> bool:
        """
        Ask what is still open and write the verdict: whether something was written. Raises `StoreBusyError`.
        """
        seen = self.bookings.get(booking)
        if seen is None or seen.status is not Status.VERIFYING:
            return False
        began = self.clock.now()
        rules = self.rules_on(began)
        proofs = self.proofs(booking=seen, now=began, rules=rules)
        planned = checks_of(seen, self.sources(), inapplicable=self.inapplicable)
        settled = [Answer(check.source, check.subject, result) for check, result in planned if result is not None]
        settled += [answer for answer in proofs.answers.values() if answer.source == CONSENT or _planned(answer, planned)]
        open_ = [check for check in still_open(planned, seen.checks) if (check.source, check.subject) not in proofs.answers]
        asked = self.ask(booking=seen, checks=[*open_, *proofs.checks], now=began)
        now = self.clock.now()  # registers took their time
        after = self._after(seen, merged([*settled, *asked.answers], seen.checks), now, rules)
        happening = {Status.VERIFIED: Happening.VERIFIED, Status.REFUSED: Happening.REFUSED}.get(after.status, Happening.CHECKED)
        told = () if happening is Happening.CHECKED else (Write(notice(template=happening.value, booking=after, at=now)),)
        event = event_of(booking=after, happening=happening, at=now, by="system", rules=rules, ground="17")
        proved = self._proved(after, asked.people) if happening is Happening.VERIFIED else ()
        beside = (*told, *proved, *proofs.after(asked.answers, now))
        return isinstance(self.committer.commit(Write(after, seen.version), Write(event), *beside), Committed)

    def _after(self, seen: Booking, answers: tuple[Answer, ...], now: datetime, rules: Rules) -> Booking:
        verdict = judge(seen, answers, now=now, rules=rules)
        if verdict is Verdict.PASSED:
            return seen.after(Happening.VERIFIED, checks=answers, verified_at=now, verify_at=None)
        if verdict is Verdict.WAITING:
            attempts = seen.verify_attempts + 1
            return seen.after(Happening.CHECKED, checks=answers, verify_attempts=attempts, verify_at=now + retry_after(attempts - 1, rules))
        code = Code.VERIFICATION_FAILED if verdict is Verdict.FAILED else Code.VERIFICATION_UNAVAILABLE
        if lacks_consent(answers):
            code = Code.CONSENT_REQUIRED
        return seen.after(Happening.REFUSED, checks=answers, refusal=code.value, verify_at=None, ended_at=now)

    def _proved(self, booking: Booking, people: Mapping[str, Mapping[str, Any]]) -> tuple[Write, ...]:
        """
        Let the account have the IIN or BIN that source 1 confirmed, once: in the transaction that tells so (§18.1, D10).
        """
        if booking.user is None or booking.user.person not in people or _numbered(people[booking.user.person]):
            return ()
        account = self.accounts.account(booking.account)
        if account is None or account.identity is not None or not _numbered(people.get(booking.acting.person, {})):
            return ()
        return (Write(replace(account, identity=booking.acting.person, version=account.version + 1), account.version),)


def _planned(answer: Answer, planned: Sequence[tuple[Check, CheckResult | None]]) -> bool:
    return any((check.source, check.subject) == (answer.source, answer.subject) for check, _ in planned)


def _numbered(fields: Mapping[str, Any]) -> bool:
    return any(fields.get(name) for name in NUMBERS)
