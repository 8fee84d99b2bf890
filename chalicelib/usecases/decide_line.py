"""
Somebody of finance says what a waiting bank line is: a user's money, to be sent back, the provider's payout, the registrar's own; each with
a reason, and with a posting either way (§23).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.bank_lines import BankLine, Cause, LineState
from chalicelib.domain.bank_postings import ONCE, decision, once_id
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.money import SYSTEM_WALLET
from chalicelib.domain.payouts import payout_posting_id
from chalicelib.domain.records import Event
from chalicelib.domain.rules import Rules
from chalicelib.domain.statements import Direction
from chalicelib.usecases.ending import wallet_writes
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import (
    Accounts,
    BankBooks,
    Clock,
    Committed,
    Committer,
    Invoices,
    Ledger,
    Requests,
    StoreBusyError,
    Write,
)
from chalicelib.usecases.post_statement import owed_by, told_of
from chalicelib.usecases.receive_statement import ROOM

MOST_TRIES: Final = 5
WAYS: Final = {
    LineState.CREDITED: Direction.IN,
    LineState.RETURNED: Direction.IN,
    LineState.PAYOUT: Direction.IN,
    LineState.SENT_BACK: Direction.OUT,
    LineState.REMITTED: Direction.OUT,
}
"""Which way money goes that can be this; whatever is not listed goes either way."""


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """
    What a line is said to be, and why. `of` names what of ours it is: an invoice's reference, a payout, an order to the
    budget, a returned line. `account`: whose money.
    """

    state: LineState
    reason: str
    of: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class DecideLine:
    """
    `POST /v1/finance/bank-lines/{id}/…`. A line is decided once: of two who decide at once the later one is told.
    """

    committer: Committer
    bank_books: BankBooks
    invoices: Invoices
    ledger: Ledger
    accounts: Accounts
    requests: Requests
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, finance: str, line: str, verdict: LineVerdict, request: IdempotentRequest) -> Outcome:
        """
        Decide a line: 200 with its id, or why not. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            group, _, number = line.rpartition("-")
            seen = self.bank_books.line(group, int(number))
            if seen is None:
                return Missing()
            refused = self._refusal(seen, verdict)
            if refused is not None:
                return refused
            writes = self._writes(seen, finance, verdict, now)
            if not isinstance(writes, Sequence):
                return writes
            record = request.record(status=200, resource=seen.id, answer={}, at=now)
            if isinstance(self.committer.commit(*writes, Write(record)), Committed):
                return Done(200, seen.id)
        raise StoreBusyError("bank line")

    def _refusal(self, seen: BankLine, verdict: LineVerdict) -> Refused | None:
        if seen.state is not LineState.UNMATCHED:
            return Refused.because(Code.LINE_DECIDED, "23", state=seen.state.value)
        twice = verdict.state is LineState.DISMISSED and seen.cause is not Cause.PERHAPS_KNOWN
        if twice or WAYS.get(verdict.state, seen.direction) is not seen.direction:
            return Refused.because(Code.LINE_CANNOT_BE, "23", state=verdict.state.value)
        return None

    def _writes(self, seen: BankLine, finance: str, verdict: LineVerdict, now: datetime) -> Sequence[Write] | Missing | Refused:
        rules = self.rules_on(now)
        after = seen.decided(verdict.state, by=finance, at=now, reason=verdict.reason, of=verdict.of, account=verdict.account)
        more: Sequence[Write] | Missing | Refused = ()
        if verdict.state is LineState.CREDITED:
            return self._credited(after, seen, now)
        if verdict.state in ONCE:
            more = self._unbanked(after)
        elif verdict.state is LineState.SENT_BACK:
            more = self._answered(after)
        if not isinstance(more, Sequence):
            return more
        posting = decision(after, before=seen, at=now, rules=rules)
        return [*_line_writes(after, seen, now, rules), *([Write(posting)] if posting else []), *more]

    def _credited(self, after: BankLine, seen: BankLine, now: datetime) -> Sequence[Write] | Missing:
        invoice = self.invoices.invoice(after.of) if after.of else None
        named = (invoice.account if invoice else None) if after.of else after.account
        holder = self.accounts.account(named) if named else None
        if holder is None or "user" not in holder.roles:
            return Missing()
        mine, rules = replace(after, account=holder.id), self.rules_on(now)
        posting = decision(mine, before=seen, at=now, rules=rules)
        return [
            *_line_writes(mine, seen, now, rules),
            *wallet_writes([posting] if posting else [], self.ledger.wallet(holder.id)),
            *_paid(invoice, mine, now),
            Write(told_of(mine, language=holder.language, at=now)),
        ]

    def _unbanked(self, after: BankLine) -> Sequence[Write] | Missing | Refused:
        of = str(after.of)
        paid_out = self.ledger.has_posting(wallet=SYSTEM_WALLET, posting=payout_posting_id("payout_paid", of))
        if not (paid_out if after.state is LineState.PAYOUT else owed_by(of, self.ledger)):
            return Missing()
        if self.ledger.has_posting(wallet=SYSTEM_WALLET, posting=once_id(after.state, of)):
            return Refused.because(Code.ALREADY_BANKED, "23", of=of)
        return ()

    def _answered(self, after: BankLine) -> Sequence[Write] | Missing:
        group, _, number = (after.of or "").rpartition("-")
        returned = self.bank_books.line(group, int(number)) if number.isdigit() else None
        if returned is None or returned.state is not LineState.RETURNED or returned.amount != after.amount:
            return Missing()
        return [Write(replace(returned, state=LineState.SENT_BACK, of=after.id, version=returned.version + 1), returned.version)]


def _paid(invoice: Invoice | None, line: BankLine, now: datetime) -> Sequence[Write]:
    return [Write(invoice.after_receipt(line.amount, now), invoice.version)] if invoice else []


def _line_writes(after: BankLine, seen: BankLine, now: datetime, rules: Rules) -> Sequence[Write]:
    day = rules.today(now)
    told = Event(
        id=f"{ROOM}.{day}.{after.id}.{after.version:06d}",
        aggregate=after.id,
        aggregate_version=after.version,
        checkpoint=ROOM,
        day=day,
        kind=f"bank_line_{after.state.value}",
        at=now,
        by=f"finance:{after.by}",
        ground="23",
        detail={"amount": after.amount, "of": after.of, "account": after.account, "cause": seen.cause.value if seen.cause else None},
    )
    return [Write(after, seen.version), Write(told)]
