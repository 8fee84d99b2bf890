from typing import Literal

from pydantic import Field, model_validator

from chalicelib.api.schemas.base import Page, PageQuery, Request, View, absent
from chalicelib.api.schemas.fields import Day, Moment, Money, Text, fault
from chalicelib.domain.bank_lines import Cause, LineState
from chalicelib.domain.bank_reconciliation import DifferenceCause
from chalicelib.domain.statements import Direction, FileForm

Reason = Text


class StatementView(View):
    """
    A bank statement taken in: which account and days, and the balances that its lines explain.
    """

    id: str = Field(examples=["stm_0123456789abcdef01234567"])
    form: FileForm
    account: str = Field(description="The registrar's account (IIK).")
    first_day: Day
    last_day: Day
    opening: Money
    closing: Money
    lines: int
    status: Literal["posting", "posted"]
    uploaded_at: Moment
    uploaded_by: str
    sha256: str = Field(description="Of the file as it came.")


class StatementPage(Page[StatementView]):
    """
    Statements, the one taken in last first.
    """


class StatementsTaken(View):
    """
    What a file held: one statement an account and period.
    """

    items: list[StatementView]


class StatementRowView(View):
    """
    One row of a statement and what became of it; none yet while the statement is being posted.
    """

    row: int
    day: Day
    direction: Direction
    amount: Money
    line: str | None = absent()
    known: bool | None = absent(description="An earlier file had told of it.")
    state: LineState | None = absent(description="What the line is now.")
    cause: Cause | None = absent()


class StatementDetail(StatementView):
    """
    A statement with its rows.
    """

    rows: Page[StatementRowView]


class BankLineView(View):
    """
    One movement of the registrar's account. Who is on the other side is left out while the people's store is away: `personal_data` says so.
    """

    id: str
    day: Day
    direction: Direction
    amount: Money
    state: LineState
    cause: Cause | None = absent()
    received_at: Moment
    age_days: int = Field(description="Since it was booked.")
    numbers: list[str] = Field(description="What the bank and the payer call it.")
    of: str | None = absent(description="A reference, a payout, an order to the budget, a returned line.")
    account: str | None = absent(description="Whose wallet it came to.")
    payer: str | None = absent()
    payer_number: str | None = absent()
    payer_account: str | None = absent()
    purpose: str | None = absent()
    decided_at: Moment | None = absent()
    decided_by: str | None = absent()
    reason: str | None = absent()
    personal_data: Literal["unavailable"] | None = absent()


class BankLinePage(Page[BankLineView]):
    """
    Lines, latest first.
    """


class BankLinesQuery(PageQuery):
    """
    Which waiting lines.
    """

    state: Literal["unmatched", "returned"] = Field(default="unmatched", description="`returned`: the bank has not sent them back yet.")


class MatchRequest(Request):
    """
    Whose money a line is: an account's, or that of whoever asked for an invoice.
    """

    account: str | None = Field(default=None, min_length=1, max_length=64, examples=["acc_0123456789abcdef01234567"])
    reference: str | None = Field(default=None, pattern=r"^RF[0-9]{14}$", examples=[None])
    reason: Reason

    @model_validator(mode="after")
    def check_one(self) -> "MatchRequest":
        """
        Refuse both, and neither.
        """
        if (self.account is None) == (self.reference is None):
            raise fault("exactly_one", field="account", expected="account, reference")
        return self


class ReturnRequest(Request):
    """
    Why money goes back to whom it came from.
    """

    reason: Reason


class ExplainRequest(Request):
    """
    What else a line is. `of`: the payout, the order to the budget or the returned line that it is.
    """

    state: Literal["payout", "remitted", "sent_back", "own", "dismissed"] = Field(examples=["own"])
    of: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{1,80}$", examples=[None])
    reason: Reason

    @model_validator(mode="after")
    def check_of(self) -> "ExplainRequest":
        """
        Ask what it is of where that must be known.
        """
        if (self.of is None) == (self.state in {"payout", "remitted", "sent_back"}):
            raise fault("required_with", field="of", other="state: payout, remitted, sent_back")
        return self


class DifferenceView(View):
    """
    One thing that lies between the bank's books and ours.
    """

    cause: DifferenceCause
    amount: Money = Field(description="As the bank's balance feels it: above zero came, below zero went.")
    since: Day
    age_days: int
    of: str | None = absent(description="A statement, a line, a payout, an order to the budget.")


class BankReconciliationView(View):
    """
    The bank's books and ours at a moment. Nothing is corrected by it.
    """

    as_of: Moment
    first_day: Day | None = absent(description="From which day on there are statements.")
    last_day: Day | None = absent()
    opening: Money = Field(description="What lay at the bank before the first statement.")
    closing: Money = Field(description="The closing balance of the last statement.")
    ledger: Money = Field(description="What the ledger says has come since.")
    difference: Money = Field(description="closing − opening − ledger.")
    differences: list[DifferenceView]
