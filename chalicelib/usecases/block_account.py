"""
The registrar blocks an account that gave false data, and lifts the block (§6-2, D22); its bookings follow at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.blocks import Block, Evidence, EvidenceKind, lifted, standing_block, with_block
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.happenings import account_notice, office_event, standing_change
from chalicelib.domain.records import Account
from chalicelib.domain.rules import Rules
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import Accounts, Bookings, Chance, Clock, Committed, Committer, Requests, StoreBusyError, Write
from chalicelib.usecases.suspended import FollowStanding

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Charge:
    """
    What an account is blocked for: `bookings` are those of its bookings that rest on the false data.
    """

    reason: str
    evidence: tuple[Evidence, ...]
    bookings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockAccount:
    """
    `POST /v1/registrar/accounts/{id}/block` and `/unblock`.
    """

    committer: Committer
    accounts: Accounts
    bookings: Bookings
    requests: Requests
    follow: FollowStanding
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]

    def blocks(self, *, account: str) -> Sequence[Block] | Missing:
        """
        List an account's blocks, the latest first.
        """
        found = self.accounts.account(account)
        return Missing() if found is None or "user" not in found.roles else found.blocks[::-1]

    def block(self, *, registrar: str, account: str, charge: Charge, request: IdempotentRequest | None) -> Outcome:
        """
        Block: `Done` with the block's id, or why not. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now) if request else None
            if known is not None:
                return known
            seen = self.accounts.account(account)
            if seen is None or "user" not in seen.roles:
                return Missing()
            there = standing_block(seen.blocks)
            if there is not None:
                return Refused.because(Code.ALREADY_BLOCKED, "6-2", since=there.since.isoformat())
            if not self._proves(charge, account):
                return Refused.because(Code.EVIDENCE_UNKNOWN, "6-2")
            block = Block(self.chance.id("blk"), now, registrar, charge.reason, charge.evidence, charge.bookings)
            if self._write(seen, block, kind="account_blocked", by=registrar, request=request):
                self.follow.of_account(account=account)
                return Done(201, block.id, {"block": block.id})
        raise StoreBusyError("account")

    def unblock(self, *, registrar: str, account: str, reason: str, request: IdempotentRequest | None) -> Outcome:
        """
        Lift the standing block: what it suspended runs on, or is withdrawn where its slot is gone. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now) if request else None
            if known is not None:
                return known
            seen = self.accounts.account(account)
            if seen is None or "user" not in seen.roles:
                return Missing()
            there = standing_block(seen.blocks)
            if there is None:
                return Refused.because(Code.NOT_BLOCKED, "6-2")
            free = lifted(there, at=now, by=registrar, because=reason)
            if self._write(seen, free, kind="account_unblocked", by=registrar, request=request):
                self.follow.of_account(account=account)
                return Done(200, free.id, {"block": free.id})
        raise StoreBusyError("account")

    def _proves(self, charge: Charge, account: str) -> bool:
        named = {*charge.bookings, *(each.booking for each in charge.evidence if each.booking is not None)}
        found = {booking.id: booking for booking in self.bookings.get_many(sorted(named)) if booking.account == account}
        if set(found) != named:
            return False
        asked = [(each.booking, each.source) for each in charge.evidence if each.kind is EvidenceKind.CHECK]
        return all(booking is not None and any(check.source == source for check in found[booking].checks) for booking, source in asked)

    def _write(self, seen: Account, block: Block, *, kind: str, by: str, request: IdempotentRequest | None) -> bool:
        now = self.clock.now()
        after = replace(seen, blocks=with_block(seen.blocks, changed=block), version=seen.version + 1)
        writes = account_writes(seen, after, kind=kind, block=block, now=now, by=by, rules=self.rules_on(now))
        if request is not None:
            status = 201 if block.stands else 200
            writes = (*writes, Write(request.record(status=status, resource=block.id, answer={"block": block.id}, at=now)))
        return isinstance(self.committer.commit(*writes), Committed)


def account_writes(
    seen: Account, after: Account, *, kind: str, block: Block, now: datetime, by: str, rules: Rules, tell: bool = True
) -> tuple[Write, ...]:
    """
    List what a change of an account's blocks writes: the account, its event, a word to its holder, and that its bookings follow.
    """
    detail: dict[str, str | int | None] = {"block": block.id, "bookings": len(block.bookings), "evidence": len(block.evidence)}
    event = office_event(subject=after, kind=kind, at=now, by=f"registrar:{by}", rules=rules, ground="6-2", detail=detail)
    told = account_notice(template=kind, account=after.id, aggregate=after.id, version=after.version, at=now, language=after.language)
    return (
        Write(after, seen.version),
        Write(event),
        *([Write(told)] if tell else []),
        Write(standing_change(account=after.id, cause=block.id, version=after.version, at=now)),
    )
