"""
Statements of the registrar's bank account, their rows in parts, and the lines that they tell of, each once.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.domain.bank_lines import BankLine, Cause, LineState, PartRow, RowOutcome, Statement, StatementPart
from chalicelib.domain.statements import Direction, FileForm
from chalicelib.store.attributes import ChoiceAttribute, DayAttribute, InstantAttribute, ValueAttribute
from chalicelib.store.indexes import index
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row
from chalicelib.usecases.ports import Page

BOOK: Final = "bank"
WAITING: Final = {LineState.UNMATCHED: "unmatched", LineState.RETURNED: "returned"}
"""Lines that still wait for something: for finance, or for the bank to send them back."""


class StatementRow(Row):
    """
    One statement.
    """

    id = UnicodeAttribute(hash_key=True)
    iik = UnicodeAttribute()
    form = ChoiceAttribute(FileForm)
    first_day = DayAttribute()
    last_day = DayAttribute()
    opening = NumberAttribute()
    closing = NumberAttribute()
    lines = NumberAttribute()
    parts = NumberAttribute()
    sha256 = UnicodeAttribute()
    uploaded_at = InstantAttribute()
    uploaded_by = UnicodeAttribute()
    request = UnicodeAttribute()
    book = UnicodeAttribute()

    by_time = index("by_time", {"book": UnicodeAttribute(hash_key=True), "uploaded_at": InstantAttribute(range_key=True)}, keys_only=True)


class StatementPartRow(Row):
    """
    Some rows of a statement.
    """

    statement = UnicodeAttribute(hash_key=True)
    number = NumberAttribute(range_key=True)
    rows = ValueAttribute(tuple[PartRow, ...])
    outcomes = ValueAttribute(tuple[RowOutcome, ...])


class BankLineRow(Row):
    """
    One line.
    """

    group = UnicodeAttribute(hash_key=True)
    number = NumberAttribute(range_key=True)
    iik = UnicodeAttribute()
    day = DayAttribute()
    direction = ChoiceAttribute(Direction)
    amount = NumberAttribute()
    marks = ValueAttribute(tuple[str, ...])
    form = ChoiceAttribute(FileForm)
    person = UnicodeAttribute()
    statement = UnicodeAttribute()
    row = NumberAttribute()
    state = ChoiceAttribute(LineState)
    received_at = InstantAttribute()
    other = UnicodeAttribute(null=True)
    cause = ChoiceAttribute(Cause, null=True)
    account = UnicodeAttribute(null=True)
    of = UnicodeAttribute(null=True)
    decided_at = InstantAttribute(null=True)
    by = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    waiting = UnicodeAttribute(null=True)

    by_waiting = index(
        "by_waiting", {"waiting": UnicodeAttribute(hash_key=True), "received_at": InstantAttribute(range_key=True)}, keys_only=True
    )


def _of_statement(_: Statement) -> Mapping[str, object]:
    return {"book": BOOK}


def _of_line(line: BankLine) -> Mapping[str, object]:
    return {"waiting": WAITING.get(line.state)}


STATEMENT = Kind(Statement, StatementRow, "statements", _of_statement)
STATEMENT_PART = Kind(StatementPart, StatementPartRow, "statement_parts")
BANK_LINE = Kind(BankLine, BankLineRow, "bank_lines", _of_line)


class StoredBankBooks:
    """
    The port `BankBooks`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def statement(self, statement: str) -> Statement | None:
        """
        Read one statement, consistently.
        """
        return self._reader.get(STATEMENT, statement)

    def statements(self, *, limit: int, cursor: str | None) -> Page[Statement]:
        """
        List statements, the one taken in last first.
        """
        page = self._reader.page(STATEMENT, BOOK, index="by_time", limit=limit, cursor=cursor)
        return Page(self._reader.get_many(STATEMENT, [row.id for row in page.items]), page.next_cursor)

    def part(self, statement: str, number: int) -> StatementPart | None:
        """
        Read some rows of a statement, consistently.
        """
        return self._reader.get(STATEMENT_PART, statement, number)

    def parts(self, statement: str) -> Sequence[StatementPart]:
        """
        Read a statement's rows in order, consistently.
        """
        return self._reader.items(STATEMENT_PART, statement, consistent=True)

    def like(self, group: str) -> Sequence[BankLine]:
        """
        Read all lines of one account, day, direction and sum in their order, consistently.
        """
        return self._reader.items(BANK_LINE, group, consistent=True)

    def line(self, group: str, number: int) -> BankLine | None:
        """
        Read one line, consistently.
        """
        return self._reader.get(BANK_LINE, group, number)

    def lines(self, keys: Sequence[tuple[str, int]]) -> Sequence[BankLine]:
        """
        Read lines by group and number, consistently; unknown ones are left out.
        """
        return self._reader.get_many(BANK_LINE, keys)

    def waiting(self, state: LineState, *, limit: int, cursor: str | None) -> Page[BankLine]:
        """
        List lines that wait for finance (`unmatched`) or for the bank (`returned`), latest first.
        """
        page = self._reader.page(BANK_LINE, WAITING[state], index="by_waiting", limit=limit, cursor=cursor)
        found = self._reader.get_many(BANK_LINE, [(row.group, int(row.number)) for row in page.items])
        return Page([line for line in found if line.state is state], page.next_cursor)
