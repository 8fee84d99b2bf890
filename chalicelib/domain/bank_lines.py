"""
A bank line as we keep it: one movement of the registrar's account, taken once however many files tell of it, and what became of it (§23).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.statements import Direction, FileForm, signed

PART_ROWS: Final = 40
"""Rows that are posted in one go."""


class LineState(StrEnum):
    """
    What a line is: money of a user, of the provider, to the budget, sent back, the registrar's own (the bank's charges, interest,
    advances); told twice; or not known yet.
    """

    CREDITED = "credited"
    PAYOUT = "payout"
    RETURNED = "returned"
    SENT_BACK = "sent_back"
    REMITTED = "remitted"
    OWN = "own"
    DISMISSED = "dismissed"
    UNMATCHED = "unmatched"


class Cause(StrEnum):
    """
    Why a line waits for somebody: nothing by which to know it, a reference with a slip, one we never gave, several at once; an outgoing
    transfer nobody ordered here; or one so like a known line of the other form that it may be the same.
    """

    NO_REFERENCE = "no_reference"
    MISTYPED_REFERENCE = "mistyped_reference"
    UNKNOWN_REFERENCE = "unknown_reference"
    SEVERAL_REFERENCES = "several_references"
    UNKNOWN_PAYOUT = "unknown_payout"
    UNEXPLAINED_OUTGOING = "unexplained_outgoing"
    PERHAPS_KNOWN = "perhaps_known"


@dataclass(frozen=True, slots=True)
class PartRow:
    """
    A statement's row without anything personal: `other`: the other account's keyed hash; `person`: where who and why are kept.

    `references`: those in the purpose that may be ours; `hints`: other words there by which we know our own things (payouts, orders).
    """

    row: int
    direction: Direction
    amount: int
    day: date
    marks: tuple[str, ...]
    person: str
    other: str | None = None
    references: tuple[str, ...] = ()
    mistyped: bool = False
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """
    What became of a row when it was posted: the line it is, and whether an earlier file had told of it.
    """

    row: int
    line: str
    known: bool
    state: LineState


@dataclass(frozen=True, slots=True)
class StatementPart:
    """
    Some rows of a statement, whole groups of like ones, and what became of them once they are posted.
    """

    statement: str
    number: int
    rows: tuple[PartRow, ...]
    outcomes: tuple[RowOutcome, ...] = ()
    version: int = 1

    @property
    def posted(self) -> bool:
        """
        Tell whether its rows have been posted.
        """
        return len(self.outcomes) == len(self.rows)


@dataclass(frozen=True, slots=True)
class Statement:
    """
    A statement taken in: whose account, which days, the balances that its lines explain. `id` comes from what the file says; `request` names
    the one that brought it, so that the same one is answered alike when it comes again.
    """

    id: str
    iik: str
    form: FileForm
    first_day: date
    last_day: date
    opening: int
    closing: int
    lines: int
    parts: int
    sha256: str
    uploaded_at: datetime
    uploaded_by: str
    request: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class BankLine:
    """
    One movement. `group` names all movements of one account, day, direction and sum, `number` counts them; together they are its id.

    `account`: whose wallet it came to; `by`, `reason`, `decided_at`: who of finance said so and why, where a person did.
    `of`: what of ours it is (a reference, a payout, a remittance, a line sent back).
    """

    group: str
    number: int
    iik: str
    day: date
    direction: Direction
    amount: int
    marks: tuple[str, ...]
    form: FileForm
    person: str
    statement: str
    row: int
    state: LineState
    received_at: datetime
    version: int
    other: str | None = None
    cause: Cause | None = None
    account: str | None = None
    of: str | None = None
    decided_at: datetime | None = None
    by: str | None = None
    reason: str | None = None

    @property
    def id(self) -> str:
        """
        Name the line.
        """
        return line_id(self.group, self.number)

    @property
    def posted(self) -> bool:
        """
        Tell whether the ledger's bank account has it: all have but those that may be told twice.
        """
        return self.cause is not Cause.PERHAPS_KNOWN or self.state not in {LineState.UNMATCHED, LineState.DISMISSED}

    @property
    def moved(self) -> int:
        """
        Give it as the account's balance feels it.
        """
        return signed(self.direction, self.amount)

    def decided(
        self, state: LineState, *, by: str, at: datetime, reason: str, of: str | None = None, account: str | None = None
    ) -> "BankLine":
        """
        Write down what somebody of finance says that it is.
        """
        return replace(self, state=state, by=by, decided_at=at, reason=reason, of=of or self.of, account=account, version=self.version + 1)


def line_id(group: str, number: int) -> str:
    """
    Spell a line's id.
    """
    return f"{group}-{number}"


def group_words(*, iik: str, row: PartRow) -> str:
    """
    Spell what all like movements share.
    """
    return f"{iik} {row.day} {row.direction.value} {row.amount}"


@dataclass(frozen=True, slots=True)
class Assignment:
    """
    What a row of a file is: a line known already, or a new one; `doubtful`: a known line of the other form might be the same.
    """

    row: PartRow
    line: BankLine | None
    doubtful: bool = False


def assign(rows: Sequence[PartRow], known: Sequence[BankLine], *, statement: str, form: FileForm) -> Sequence[Assignment]:
    """
    Tell which of one file's like rows are lines that are known: its own from an earlier try, then those that share a number, then those where
    one side has no number. A file never tells one movement twice, so each line answers for one row at most.
    """
    own = {line.row: line for line in known if line.statement == statement}
    free = [line for line in known if line.statement != statement]
    found: dict[int, BankLine] = {row.row: own[row.row] for row in rows if row.row in own}
    for fits in (_shares_a_mark, _has_no_mark):
        for row in rows:
            line = next((line for line in free if _same_sides(row, line) and fits(row, line)), None) if row.row not in found else None
            if line is not None:
                found[row.row] = line
                free.remove(line)
    return [
        Assignment(row, found.get(row.row), doubtful=any(line.form is not form and _same_sides(row, line) for line in free)) for row in rows
    ]


def _same_sides(row: PartRow, line: BankLine) -> bool:
    return row.other is None or line.other is None or row.other == line.other


def _shares_a_mark(row: PartRow, line: BankLine) -> bool:
    return not set(row.marks).isdisjoint(line.marks)


def _has_no_mark(row: PartRow, line: BankLine) -> bool:
    return not row.marks or not line.marks


def in_parts(statement: str, groups: Mapping[str, Sequence[PartRow]]) -> Sequence[StatementPart]:
    """
    Cut a statement's rows into parts that never split like rows, so that whoever posts a part sees all of them.
    """
    parts: list[list[PartRow]] = []
    for rows in groups.values():
        if not parts or (parts[-1] and len(parts[-1]) + len(rows) > PART_ROWS):
            parts.append([])
        parts[-1].extend(rows)
    return [StatementPart(statement, number, tuple(rows)) for number, rows in enumerate(parts)]
