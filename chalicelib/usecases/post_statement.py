"""
The rows of a statement become lines, each once: money is posted where it belongs, or waits for finance (§23).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.bank_lines import Assignment, BankLine, Cause, LineState, PartRow, RowOutcome, Statement, StatementPart, assign
from chalicelib.domain.bank_postings import arrival, once_id
from chalicelib.domain.happenings import account_notice
from chalicelib.domain.hints import order_of, orders, payouts
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.money import SYSTEM_WALLET, Posting
from chalicelib.domain.payouts import payout_posting_id
from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.domain.rules import Rules
from chalicelib.domain.statements import Direction
from chalicelib.usecases.ending import wallet_writes
from chalicelib.usecases.ports import (
    Accounts,
    BankBooks,
    Clock,
    Committed,
    Committer,
    Invoices,
    Ledger,
    Remove,
    StoreBusyError,
    Write,
)
from chalicelib.usecases.receive_statement import grouped, posting_message

MOST_TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class PostStatement:
    """
    Deliver `STATEMENT`: post one part's rows, then let the next part follow. Safe to run again and beside itself.
    """

    committer: Committer
    bank_books: BankBooks
    invoices: Invoices
    ledger: Ledger
    accounts: Accounts
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, message: OutboxMessage) -> bool:
        """
        Post a part: true when the message was taken away with it. Raises `StoreBusyError`.
        """
        statement, part = self._read(message)
        if part.posted:
            return False
        rows = {group: tuple(rows) for group, rows in grouped(part.rows, iik=statement.iik).items()}
        outcomes = {outcome.row: outcome for group, like in rows.items() for outcome in self._post(statement, group, like)}
        done = replace(part, outcomes=tuple(outcomes[row.row] for row in part.rows), version=part.version + 1)
        now = self.clock.now()
        following = [posting_message(statement.id, part.number + 1, at=now)] if part.number + 1 < statement.parts else []
        forgotten = [_forget(row.person, statement, at=now) for row in part.rows if self._superfluous(row, statement, outcomes[row.row])]
        committed = self.committer.commit(
            Write(done, part.version), Remove(message, message.version), *map(Write, (*following, *forgotten))
        )
        if isinstance(committed, Committed):
            return True
        seen = self.bank_books.part(statement.id, part.number)
        if seen is None or not seen.posted:
            raise StoreBusyError("statement part")
        return False

    def _read(self, message: OutboxMessage) -> tuple[Statement, StatementPart]:
        id_, number = str(message.payload["statement"]), int(message.payload["part"] or 0)
        statement, part = self.bank_books.statement(id_), self.bank_books.part(id_, number)
        if statement is None or part is None:
            raise LookupError(f"{id_} part {number}")
        return statement, part

    def _superfluous(self, row: PartRow, statement: Statement, outcome: RowOutcome) -> bool:
        """
        Tell whether what a row's payer wrote lies there once more: the line is known, from a file of the other form.
        """
        group, _, number = outcome.line.rpartition("-")
        line = self.bank_books.line(group, int(number)) if outcome.known else None
        return line is not None and line.person != row.person and line.form is not statement.form

    def _post(self, statement: Statement, group: str, rows: Sequence[PartRow]) -> Sequence[RowOutcome]:
        for _ in range(MOST_TRIES):
            known = self.bank_books.like(group)
            number = max((line.number for line in known), default=0)
            outcomes: list[RowOutcome] = []
            for each in assign(rows, known, statement=statement.id, form=statement.form):
                number += each.line is None
                line = self._settled(each, statement, group, number)
                if line is None:
                    break
                outcomes.append(RowOutcome(each.row.row, line.id, line.statement != statement.id, line.state))
            else:
                return outcomes
        raise StoreBusyError("bank line")

    def _settled(self, each: Assignment, statement: Statement, group: str, number: int) -> BankLine | None:
        """
        Write a new line with its money, or what a known one is called here too; none where somebody was faster.
        """
        if each.line is not None:
            marks = set(each.line.marks) | set(each.row.marks)
            if marks == set(each.line.marks):
                return each.line
            named = replace(each.line, marks=tuple(sorted(marks)), version=each.line.version + 1)
            return named if isinstance(self.committer.commit(Write(named, each.line.version)), Committed) else None
        now = self.clock.now()
        line, writes = self._arrived(_line(each.row, statement, group, number, now), each, now)
        return line if isinstance(self.committer.commit(Write(line), *writes), Committed) else None

    def _arrived(self, line: BankLine, each: Assignment, now: datetime) -> tuple[BankLine, Sequence[Write]]:
        if each.doubtful:
            return replace(line, cause=Cause.PERHAPS_KNOWN), ()
        if line.direction is Direction.OUT:
            return self._outgoing(line, each.row, now)
        return self._incoming(line, each.row, now)

    def _incoming(self, line: BankLine, row: PartRow, now: datetime) -> tuple[BankLine, Sequence[Write]]:
        told = payouts(row.hints)
        for payout in told:
            if self._on_its_way(payout):
                banked = replace(line, state=LineState.PAYOUT, of=payout, cause=None)
                return banked, [Write(posting) for posting in self._posting(banked, now)]
        found = [invoice for invoice in map(self.invoices.invoice, row.references) if invoice is not None]
        if len({invoice.account for invoice in found}) == 1:
            return self._credited(line, found[0], now)
        waiting = replace(line, cause=_cause(row, found=len(found), payouts_told=len(told)))
        return waiting, [Write(posting) for posting in self._posting(waiting, now)]

    def _credited(self, line: BankLine, invoice: Invoice, now: datetime) -> tuple[BankLine, Sequence[Write]]:
        credited = replace(line, state=LineState.CREDITED, of=invoice.reference, account=invoice.account, cause=None)
        paid = invoice.after_receipt(line.amount, now)
        return credited, (
            *wallet_writes(self._posting(credited, now), self.ledger.wallet(invoice.account)),
            Write(paid, invoice.version),
            Write(told_of(credited, language=self._language(invoice.account), at=now)),
        )

    def _outgoing(self, line: BankLine, row: PartRow, now: datetime) -> tuple[BankLine, Sequence[Write]]:
        order = next((each for each in orders((*row.hints, *row.marks)) if self._ordered(each, line.amount)), None)
        if order is not None:
            remitted = replace(line, state=LineState.REMITTED, of=order, cause=None)
            return remitted, [Write(posting) for posting in self._posting(remitted, now)]
        returned = next((each for each in self._returned() if (each.amount, each.other) == (line.amount, line.other)), None)
        if returned is not None and line.other is not None:
            sent = replace(line, state=LineState.SENT_BACK, of=returned.id, cause=None)
            answered = replace(returned, state=LineState.SENT_BACK, of=line.id, version=returned.version + 1)
            return sent, [*(Write(posting) for posting in self._posting(sent, now)), Write(answered, returned.version)]
        waiting = replace(line, cause=Cause.UNEXPLAINED_OUTGOING)
        return waiting, [Write(posting) for posting in self._posting(waiting, now)]

    def _returned(self) -> Sequence[BankLine]:
        return self.bank_books.waiting(LineState.RETURNED, limit=100, cursor=None).items

    def _on_its_way(self, payout: str) -> bool:
        left = self.ledger.has_posting(wallet=SYSTEM_WALLET, posting=payout_posting_id("payout_paid", payout))
        return left and not self.ledger.has_posting(wallet=SYSTEM_WALLET, posting=once_id(LineState.PAYOUT, payout))

    def _ordered(self, order: str, amount: int) -> bool:
        return owed_by(order, self.ledger) == amount and not self.ledger.has_posting(
            wallet=SYSTEM_WALLET, posting=once_id(LineState.REMITTED, order)
        )

    def _posting(self, line: BankLine, now: datetime) -> Sequence[Posting]:
        posting = arrival(line, at=now, rules=self.rules_on(now))
        return [posting] if posting else []

    def _language(self, account: str) -> str:
        holder = self.accounts.account(account)
        return holder.language if holder else "ru"


def owed_by(order: str, ledger: Ledger) -> int | None:
    """
    Give what an order to a region's budget was for, in tiyn; none where no settlement ordered it.
    """
    read = order_of(order)
    settlement = ledger.settlement(read[0]) if read else None
    return settlement.by_region().get(read[1]) if read and settlement else None


def told_of(line: BankLine, *, language: str, at: datetime) -> OutboxMessage:
    """
    Tell a user that his transfer has come.
    """
    if line.account is None:
        raise LookupError(line.id)
    return account_notice(
        template="topped_up",
        account=line.account,
        aggregate=line.id,
        version=line.version,
        at=at,
        language=language,
        amount=line.amount,
    )


def _line(row: PartRow, statement: Statement, group: str, number: int, now: datetime) -> BankLine:
    return BankLine(
        group=group,
        number=number,
        iik=statement.iik,
        day=row.day,
        direction=row.direction,
        amount=row.amount,
        marks=row.marks,
        form=statement.form,
        person=row.person,
        statement=statement.id,
        row=row.row,
        state=LineState.UNMATCHED,
        received_at=now,
        version=1,
        other=row.other,
    )


def _cause(row: PartRow, *, found: int, payouts_told: int) -> Cause:
    if found:
        return Cause.SEVERAL_REFERENCES
    if row.references:
        return Cause.UNKNOWN_REFERENCE
    if payouts_told:
        return Cause.UNKNOWN_PAYOUT
    return Cause.MISTYPED_REFERENCE if row.mistyped else Cause.NO_REFERENCE


def _forget(person: str, statement: Statement, *, at: datetime) -> OutboxMessage:
    return OutboxMessage(f"{Task.FORGET.value}.{statement.id}.{person}", Task.FORGET, statement.id, 1, at, at, {"person": person})
