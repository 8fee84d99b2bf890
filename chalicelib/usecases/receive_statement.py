"""
Finance hands in a bank statement: checked whole, kept once however often it is sent, its rows posted after its commit (§23).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from chalicelib.domain.bank_lines import PartRow, Statement, group_words, in_parts
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.hints import hints_in
from chalicelib.domain.invoices import Payee
from chalicelib.domain.records import Event, OutboxMessage, Task
from chalicelib.domain.references import mistyped_reference, written_references
from chalicelib.domain.rules import Rules
from chalicelib.domain.statements import BankStatement, InvalidStatementError, StatementLine, check_file
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Outcome, replay
from chalicelib.usecases.ports import (
    BankBooks,
    Clock,
    Committed,
    Committer,
    KeyedHash,
    PersonalDataStore,
    PersonRecord,
    Requests,
    StoreBusyError,
    Write,
)

MOST_TRIES: Final = 5
BANK_LINE: Final = "bank_line"
"""The kind of a personal record that holds who is on the other side of a line and what he wrote."""
ROOM: Final = "bank"
"""Where events of the bank account lie: they are of no checkpoint."""


@dataclass(frozen=True, slots=True)
class Bringer:
    """
    Who brings which file, and with which request.
    """

    finance: str
    sha256: str
    request: str


@dataclass(frozen=True, slots=True)
class ReceiveStatement:
    """
    `POST /v1/finance/statements`. What is personal goes to its own store first, the rows next, the statement last: one that is there is whole.
    """

    committer: Committer
    bank_books: BankBooks
    requests: Requests
    people: PersonalDataStore
    keyed: KeyedHash
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    payee: Callable[[], Payee | None]

    def __call__(self, *, finance: str, statements: Sequence[BankStatement], sha256_: str, request: IdempotentRequest) -> Outcome:
        """
        Take a file's statements in: 201 with their ids, 200 where all were there. Raises `InvalidStatementError` with every fault and
        changes nothing then; `StoreBusyError`, `PersonalDataUnavailableError`.
        """
        payee = self.payee()
        if payee is None:
            return Refused.because(Code.PAYEE_UNKNOWN, "23")
        now = self.clock.now()
        faults = check_file(statements, iik=payee.iik, today=self.rules_on(now).today(now))
        if faults:
            raise InvalidStatementError(*faults)
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            by = Bringer(finance, sha256_, self.keyed.of(request.key)[:24])
            kept = [self._keep(each, by, now) for each in statements]
            ids = [each.id for each in kept]
            new = any(each.request == by.request for each in kept)
            record = request.record(status=201 if new else 200, resource=ids[0], answer={"statements": ids}, at=now)
            if isinstance(self.committer.commit(Write(record)), Committed):
                return Done(record.status, ids[0], {"statements": ids})
        raise StoreBusyError("statement")

    def _keep(self, read: BankStatement, by: "Bringer", now: datetime) -> Statement:
        """
        Keep a statement with its rows, or give the one that is there.
        """
        id_ = statement_id(read)
        there = self.bank_books.statement(id_)
        if there is not None:
            return there
        rows = [self._row(read, line, nth) for line, nth in counted(read.lines)]
        look_at = now + self.rules_on(now).unclaimed_kept
        self.people.put([_person(row, line, read.iik, look_at) for row, line in zip(rows, read.lines, strict=True)])
        parts = in_parts(id_, grouped(rows, iik=read.iik))
        for part in parts:
            # the same rows of an earlier try may be there: a part's key and content come from the file
            if not isinstance(self.committer.commit(Write(part)), Committed) and self.bank_books.part(id_, part.number) is None:
                raise StoreBusyError("statement")
        statement = Statement(
            id=id_,
            iik=read.iik,
            form=read.form,
            first_day=read.first_day,
            last_day=read.last_day,
            opening=read.opening,
            closing=read.closing,
            lines=len(read.lines),
            parts=len(parts),
            sha256=by.sha256,
            uploaded_at=now,
            uploaded_by=by.finance,
            request=by.request,
        )
        writes = [Write(statement), Write(received(statement, rules=self.rules_on(now)))]
        if parts:
            writes.append(Write(posting_message(statement.id, 0, at=now)))
        kept = statement if isinstance(self.committer.commit(*writes), Committed) else self.bank_books.statement(id_)
        if kept is None:
            raise StoreBusyError("statement")
        return kept

    def _row(self, read: BankStatement, line: StatementLine, nth: int) -> PartRow:
        told = [read.form.value, read.iik, str(line.day), line.direction.value, line.amount, sorted(line.marks), nth]
        personal = [line.other_iik, line.payer, line.payer_number, line.purpose]
        return PartRow(
            row=line.row,
            direction=line.direction,
            amount=line.amount,
            day=line.day,
            marks=tuple(sorted(line.marks)),
            person=f"per_{self.keyed.of(json.dumps([told, personal], ensure_ascii=False))[:24]}",
            other=self.keyed.of(f"iik {line.other_iik}")[:16] if line.other_iik else None,
            references=tuple(written_references(line.purpose)),
            mistyped=mistyped_reference(line.purpose),
            hints=tuple(hints_in(line.purpose)),
        )


def statement_id(read: BankStatement) -> str:
    """
    Name a statement by what it says, whatever its file is called and however it is laid out.
    """
    told = [read.form.value, read.iik, str(read.first_day), str(read.last_day), read.opening, read.closing]
    lines = [[str(line.day), line.direction.value, line.amount, sorted(line.marks), line.other_iik, line.purpose] for line in read.lines]
    return f"stm_{sha256(json.dumps([told, lines], ensure_ascii=False).encode()).hexdigest()[:24]}"


def group_of(row: PartRow, *, iik: str) -> str:
    """
    Name all movements of an account, day, direction and sum.
    """
    return f"bln_{sha256(group_words(iik=iik, row=row).encode()).hexdigest()[:24]}"


def grouped(rows: Sequence[PartRow], *, iik: str) -> Mapping[str, Sequence[PartRow]]:
    """
    Lay like rows together, in the order of the file.
    """
    groups: dict[str, list[PartRow]] = {}
    for row in rows:
        groups.setdefault(group_of(row, iik=iik), []).append(row)
    return groups


def counted(lines: Sequence[StatementLine]) -> Sequence[tuple[StatementLine, int]]:
    """
    Number lines that say the very same, so that each has a person of its own.
    """
    seen: dict[tuple[object, ...], int] = {}
    found = []
    for line in lines:
        told = (line.day, line.direction, line.amount, line.marks, line.other_iik, line.payer, line.payer_number, line.purpose)
        seen[told] = seen.get(told, 0) + 1
        found.append((line, seen[told]))
    return found


def posting_message(statement: str, part: int, *, at: datetime) -> OutboxMessage:
    """
    Have some rows of a statement posted; the next ones follow when these are.
    """
    name = f"{Task.STATEMENT.value}.{statement}.{part:04d}"
    return OutboxMessage(name, Task.STATEMENT, statement, 1, at, at, {"statement": statement, "part": part})


def received(statement: Statement, *, rules: Rules) -> Event:
    """
    Write down who handed a statement in.
    """
    day = rules.today(statement.uploaded_at)
    return Event(
        id=f"{ROOM}.{day}.{statement.id}.{statement.version:06d}",
        aggregate=statement.id,
        aggregate_version=statement.version,
        checkpoint=ROOM,
        day=day,
        kind="statement_received",
        at=statement.uploaded_at,
        by=f"finance:{statement.uploaded_by}",
        ground="23",
        detail={"form": statement.form.value, "lines": statement.lines, "first_day": str(statement.first_day)},
    )


def _person(row: PartRow, line: StatementLine, iik: str, look_at: datetime) -> PersonRecord:
    told = {"iik": line.other_iik, "payer": line.payer, "payer_number": line.payer_number, "purpose": line.purpose}
    # the group leads whoever asks later to the lines that may need it
    fields = {"group": group_of(row, iik=iik), **{name: text for name, text in told.items() if text}}
    return PersonRecord(row.person, BANK_LINE, fields, look_at)
