"""
The head decides a complaint once, with grounds (§6-2, §28, D22); the system carries the effect out and tells the user.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.blocks import block_of, lifted, with_block
from chalicelib.domain.complaints import EFFECTS, About, Complaint, ComplaintStatus, Effect, Ruling, decided, may_decide
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.happenings import account_notice, office_event, photographs_of
from chalicelib.domain.rules import Rules
from chalicelib.usecases.block_account import account_writes
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import (
    Accounts,
    Chance,
    Clock,
    Committed,
    Committer,
    Complaints,
    PersonalDataStore,
    PersonRecord,
    Requests,
    StoreBusyError,
    Write,
)
from chalicelib.usecases.redress import Redress
from chalicelib.usecases.suspended import FollowStanding

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What the head says: `effect` none is the usual one of what was complained about; `booking` is the stranger's one to be ended.
    """

    upheld: bool
    grounds: str
    effect: Effect | None = None
    booking: str | None = None

    def effect_on(self, complaint: Complaint) -> Effect:
        """
        Give what is carried out.
        """
        return self.effect or (EFFECTS[complaint.about][0] if self.upheld else Effect.NONE)


@dataclass(frozen=True, slots=True)
class DecideComplaint:
    """
    `POST /v1/registrar/complaints/{id}/decide`.
    """

    committer: Committer
    accounts: Accounts
    complaints: Complaints
    requests: Requests
    people: PersonalDataStore
    redress: Redress
    follow: FollowStanding
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, head: str, complaint: str, verdict: Verdict, request: IdempotentRequest | None) -> Outcome:
        """
        Decide: `Done` with the complaint's id, or why not. Raises `StoreBusyError`, `PersonalDataUnavailableError`.
        """
        grounds: str | None = None
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now) if request else None
            if known is not None:
                return known
            seen = self.complaints.complaint(complaint)
            if seen is None:
                return Missing()
            effect = verdict.effect_on(seen)
            decision = may_decide(complaint=seen, head=self.accounts.account(head), effect=effect, upheld=verdict.upheld)
            if isinstance(decision, Refused):
                return decision
            grounds = grounds or self._keep(verdict, complaint, now)
            outcome = ComplaintStatus.UPHELD if verdict.upheld else ComplaintStatus.DISMISSED
            ruling = Ruling(outcome, head, now, grounds, effect, verdict.booking or seen.booking)
            writes = self._writes(seen, ruling, now, self.rules_on(now))
            if writes is None:
                return Refused.because(Code.EFFECT_IMPOSSIBLE, "6-2", effect=effect.value)
            record = [Write(request.record(status=200, resource=seen.id, answer={}, at=now))] if request else []
            if isinstance(self.committer.commit(*writes, *record), Committed):
                self.follow.of_account(account=seen.account)
                return Done(200, seen.id)
        raise StoreBusyError("complaint")

    def _keep(self, verdict: Verdict, complaint: str, now: datetime) -> str:
        id_ = self.chance.id("per")
        words = {"grounds": verdict.grounds, "complaint": complaint}
        self.people.put([PersonRecord(id_, "complaint", words, now + self.rules_on(now).unclaimed_kept)])
        return id_

    def _writes(self, seen: Complaint, ruling: Ruling, now: datetime, rules: Rules) -> Sequence[Write] | None:
        by = f"registrar:{ruling.by}"
        effects = self.redress.writes(complaint=seen, effect=ruling.effect, booking=ruling.booking, by=by, now=now, rules=rules)
        if effects is None:
            return None
        after = decided(seen, ruling=ruling)
        detail = {"effect": ruling.effect.value, "booking": ruling.booking, "block": seen.case}
        event = office_event(subject=after, kind=ruling.outcome.value, at=now, by=by, rules=rules, ground="6-2", detail=detail)
        holder = self.accounts.account(seen.account)
        told = account_notice(
            template=f"complaint_{ruling.outcome.value}",
            account=seen.account,
            aggregate=seen.id,
            version=after.version,
            at=now,
            language=holder.language if holder else "ru",
        )
        followed = Write(photographs_of(after, now))
        return (Write(after, seen.version), Write(event), Write(told), followed, *effects, *self._block_writes(seen, ruling, now, rules))

    def _block_writes(self, seen: Complaint, ruling: Ruling, now: datetime, rules: Rules) -> tuple[Write, ...]:
        """
        Lift the block complained of, or make it final; one lifted meanwhile stays lifted.
        """
        holder = self.accounts.account(seen.account)
        block = block_of(holder.blocks, block=seen.case) if holder is not None else None
        if seen.about is not About.BLOCK or holder is None or block is None or not block.stands:
            return ()
        upheld = ruling.outcome is ComplaintStatus.UPHELD
        changed = lifted(block, at=ruling.at, by=ruling.by, because=seen.id) if upheld else replace(block, upheld_at=ruling.at)
        after = replace(holder, blocks=with_block(holder.blocks, changed=changed), version=holder.version + 1)
        kind = "account_unblocked" if upheld else "block_upheld"
        return account_writes(holder, after, kind=kind, block=changed, now=now, by=ruling.by, rules=rules, tell=upheld)
