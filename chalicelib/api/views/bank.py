from collections.abc import Mapping, Sequence
from datetime import date

from chalicelib import wiring
from chalicelib.api.paging import page_of
from chalicelib.api.schemas.bank import (
    BankLinePage,
    BankLineView,
    BankReconciliationView,
    DifferenceView,
    StatementDetail,
    StatementPage,
    StatementRowView,
    StatementView,
)
from chalicelib.api.schemas.base import Page, WholeQuery
from chalicelib.api.schemas.fields import money
from chalicelib.domain.bank_lines import BankLine, PartRow, RowOutcome, Statement, StatementPart
from chalicelib.domain.bank_reconciliation import BankReconciliation
from chalicelib.usecases import ports
from chalicelib.usecases.ports import PersonalDataUnavailableError, PersonRecord

PERSONAL = {"payer": "payer", "payer_number": "payer_number", "payer_account": "iik", "purpose": "purpose"}


def statement_view(statement: Statement) -> StatementView:
    """
    Show a statement.
    """
    return StatementView(**_shown(statement))


def statement_page(page: ports.Page[Statement]) -> StatementPage:
    """
    Show statements in a list.
    """
    return StatementPage(items=[statement_view(statement) for statement in page.items], next_cursor=page.next_cursor)


def _shown(statement: Statement) -> dict[str, object]:
    names = ("id", "form", "first_day", "last_day", "lines", "uploaded_at", "uploaded_by", "sha256")
    # parts are posted one after another
    last = wiring.store().bank_books.part(statement.id, statement.parts - 1) if statement.parts else None
    return {
        **{name: getattr(statement, name) for name in names},
        "account": statement.iik,
        "opening": money(statement.opening),
        "closing": money(statement.closing),
        "status": "posted" if last is None or last.posted else "posting",
    }


def statement_detail(statement: Statement, parts: Sequence[StatementPart], *, query: WholeQuery) -> StatementDetail:
    """
    Show a statement with a page of its rows, in the file's order.
    """
    outcomes = {outcome.row: outcome for part in parts for outcome in part.outcomes}
    rows, further = page_of(sorted((row for part in parts for row in part.rows), key=lambda row: row.row), query)
    told = [outcomes[row.row] for row in rows if row.row in outcomes]
    lines = {line.id: line for line in wiring.store().bank_books.lines(list(dict.fromkeys(_key(outcome.line) for outcome in told)))}
    shown = [_row(row, outcomes.get(row.row), lines) for row in rows]
    return StatementDetail(**_shown(statement), rows=Page[StatementRowView](items=shown, next_cursor=further))


def _row(row: PartRow, outcome: RowOutcome | None, lines: Mapping[str, BankLine]) -> StatementRowView:
    line = lines.get(outcome.line) if outcome else None
    return StatementRowView(
        row=row.row,
        day=row.day,
        direction=row.direction,
        amount=money(row.amount),
        line=outcome.line if outcome else None,
        known=outcome.known if outcome else None,
        state=line.state if line else None,
        cause=line.cause if line else None,
    )


def _key(line: str) -> tuple[str, int]:
    group, _, number = line.rpartition("-")
    return group, int(number)


def line_page(page: ports.Page[BankLine], *, today: date) -> BankLinePage:
    """
    Show waiting lines with who is on the other side.
    """
    people = _people(page.items)
    return BankLinePage(items=[_line(line, people, today) for line in page.items], next_cursor=page.next_cursor)


def line_view(line: BankLine, *, today: date) -> BankLineView:
    """
    Show one line with who is on the other side.
    """
    return _line(line, _people([line]), today)


def _people(lines: Sequence[BankLine]) -> Mapping[str, PersonRecord] | None:
    try:
        return wiring.people().get_many([line.person for line in lines], purpose="bank_lines") if lines else {}
    except PersonalDataUnavailableError:
        return None


def _line(line: BankLine, people: Mapping[str, PersonRecord] | None, today: date) -> BankLineView:
    names = ("id", "day", "direction", "state", "cause", "received_at", "of", "account", "decided_at", "reason")
    fields = people[line.person].fields if people and line.person in people else {}
    return BankLineView(
        **{name: getattr(line, name) for name in names},
        amount=money(line.amount),
        age_days=(today - line.day).days,
        numbers=list(line.marks),
        decided_by=line.by,
        personal_data="unavailable" if people is None else None,
        **{name: fields.get(kept) for name, kept in PERSONAL.items()},
    )


def reconciliation_view(found: BankReconciliation, *, today: date) -> BankReconciliationView:
    """
    Show both books side by side.
    """
    chain = found.chain
    return BankReconciliationView(
        as_of=found.as_of,
        first_day=chain.first_day if chain else None,
        last_day=chain.last_day if chain else None,
        opening=money(chain.opening if chain else 0),
        closing=money(chain.closing if chain else 0),
        ledger=money(found.ledger),
        difference=money(found.difference),
        differences=[
            DifferenceView(cause=each.cause, amount=money(each.amount), since=each.since, age_days=(today - each.since).days, of=each.of)
            for each in found.differences
        ],
    )
