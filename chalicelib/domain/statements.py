"""
A bank's statement as its file says it (§23): lines of one account in tenge, and balances that they must explain.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

MOST_LINES: Final = 4_000
"""Lines of one file: a busy month; a statement holds a day or a few."""
MOST_ALIKE: Final = 800
"""Lines of one day, direction and sum in a file: they are kept and posted together."""
MOST_PURPOSE: Final = 600


class FileForm(StrEnum):
    """
    The two forms in which banks hand out statements here: ISO 20022 camt.053, and 1C's exchange with banks.
    """

    CAMT053 = "camt053"
    CLIENT_BANK = "1c"


class Direction(StrEnum):
    """
    Whether money came to the account or went from it.
    """

    IN = "in"
    OUT = "out"


class StatementFaultCode(StrEnum):
    """
    What can be wrong with a statement; nothing of a file with a fault is taken.
    """

    FORM = "bank_form"
    ENCODING = "bank_encoding"
    XML = "bank_xml"
    ACCOUNT = "bank_account"
    CURRENCY = "bank_currency"
    AMOUNT = "bank_amount"
    DAY = "bank_day"
    OUTSIDE = "bank_outside"
    FUTURE = "bank_future"
    DIRECTION = "bank_direction"
    BALANCE = "bank_balance"
    BALANCE_MISSING = "bank_balance_missing"
    BATCH = "bank_batch"
    TOO_MANY = "bank_too_many"


@dataclass(frozen=True, slots=True)
class StatementFault:
    """
    One error: `row` counts the file's lines of money from 1, none where the whole file is meant; `parameters` fill the sentence.
    """

    code: StatementFaultCode
    row: int | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


class InvalidStatementError(ValueError):
    """
    A file is no statement of ours; `faults` say why, at least one.
    """

    def __init__(self, *faults: StatementFault) -> None:
        super().__init__(", ".join(fault.code.value for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class StatementLine:
    """
    One movement as the bank tells it: `amount` in tiyn above zero, `day` on which it was booked.

    `marks`: every number by which the bank or the payer may know it (document number, servicer's reference), spelled alike in both forms.
    `other_iik`, `payer`, `payer_number`, `purpose`: who is on the other side and what he wrote; personal, kept with the people's data only.
    """

    row: int
    direction: Direction
    amount: int
    day: date
    marks: frozenset[str]
    other_iik: str | None = None
    payer: str | None = None
    payer_number: str | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class BankStatement:
    """
    One account's movements from `first_day` to `last_day`, and its balances before and after them, in tiyn.
    """

    form: FileForm
    iik: str
    first_day: date
    last_day: date
    opening: int
    closing: int
    lines: tuple[StatementLine, ...]

    @property
    def moved(self) -> int:
        """
        Sum what came less what went, in tiyn.
        """
        return sum(signed(line.direction, line.amount) for line in self.lines)


def signed(direction: Direction, amount: int) -> int:
    """
    Give a movement as the account's balance feels it.
    """
    return amount if direction is Direction.IN else -amount


def mark(number: str | None) -> frozenset[str]:
    """
    Spell a number by which a line is known: no spaces, upper case, no leading zeros; placeholders are none.
    """
    spelled = "".join((number or "").split()).upper().lstrip("0")
    return frozenset() if spelled in {"", "NOTPROVIDED", "NONREF", "-"} else frozenset({spelled})


def check_statement(statement: BankStatement, *, iik: str) -> Sequence[StatementFault]:
    """
    Test that a statement is of our account, that its lines lie in its days, and that they explain its balances.
    """
    if statement.iik != iik:
        return [StatementFault(StatementFaultCode.ACCOUNT, parameters={"account": statement.iik})]
    faults = [
        StatementFault(StatementFaultCode.OUTSIDE, line.row, {"day": line.day.isoformat()})
        for line in statement.lines
        if not statement.first_day <= line.day <= statement.last_day
    ]
    if statement.opening + statement.moved != statement.closing:
        told = {"opening": statement.opening, "moved": statement.moved, "closing": statement.closing}
        faults.append(StatementFault(StatementFaultCode.BALANCE, parameters={name: spell(sum_) for name, sum_ in told.items()}))
    return faults


def check_file(statements: Sequence[BankStatement], *, iik: str, today: date) -> Sequence[StatementFault]:
    """
    Test every statement of a file, and that none tells of days to come; too many lines are a fault of their own.
    """
    lines = sum(len(statement.lines) for statement in statements)
    if lines > MOST_LINES:
        return [StatementFault(StatementFaultCode.TOO_MANY, parameters={"limit": str(MOST_LINES)})]
    alike = Counter((line.day, line.direction, line.amount) for statement in statements for line in statement.lines)
    if max(alike.values(), default=0) > MOST_ALIKE:
        return [StatementFault(StatementFaultCode.TOO_MANY, parameters={"limit": str(MOST_ALIKE)})]
    ahead = [each.last_day for each in statements if each.last_day > today]
    early = [StatementFault(StatementFaultCode.FUTURE, parameters={"day": day.isoformat()}) for day in ahead]
    return [*early, *(fault for statement in statements for fault in check_statement(statement, iik=iik))]


def spell(tiyn: int) -> str:
    """
    Write a sum in tenge as statements do: `-8650.00`.
    """
    whole, rest = divmod(abs(tiyn), 100)
    return f"{'-' if tiyn < 0 else ''}{whole}.{rest:02d}"
