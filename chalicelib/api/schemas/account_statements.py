"""
An account statement of a period.
"""

from pydantic import Field, model_validator

from chalicelib.api.schemas.base import Page, Query, View, absent
from chalicelib.api.schemas.fields import Day, Moment, Money, fault
from chalicelib.domain.account_statements import LONGEST_DAYS


class AccountStatementQuery(Query):
    """
    A period of at most 366 local days, both ends included.
    """

    from_: Day = Field(alias="from", description="First day.", examples=["2026-11-01"])
    to: Day = Field(description="Last day.", examples=["2026-11-30"])

    @model_validator(mode="after")
    def check_range(self) -> "AccountStatementQuery":
        """
        Refuse a period that is reversed or too long.
        """
        if not 0 <= (self.to - self.from_).days < LONGEST_DAYS:
            raise fault("range", field="to")
        return self


class AccountStatementPageQuery(AccountStatementQuery):
    """
    Which page of the movements.
    """

    limit: int = Field(default=20, ge=1, le=100, description="Movements on a page.")
    cursor: str | None = Field(default=None, pattern=r"^[0-9]{1,9}$", description="From `next_cursor` of the page before.")


class StandingView(View):
    """
    A wallet at a moment; `balance` is what is the user's: available and held, less debt.
    """

    available: Money
    held: Money
    debt: Money
    balance: Money


class AccountLineView(View):
    """
    One movement: what came in or went out, and what stood after it. What only moves between available and held is neither.
    """

    id: str
    at: Moment
    kind: str
    what: str = Field(description="In the reader's language.")
    booking: str | None = absent()
    number: str | None = absent()
    checkpoint: str | None = absent()
    came_in: Money | None = absent()
    went_out: Money | None = absent()
    after: StandingView


class HeldView(View):
    """
    What is held for a booking at the period's end.
    """

    booking: str
    number: str | None = absent()
    amount: Money


class AccountStatementView(Page[AccountLineView]):
    """
    The period's figures in full, as the ledger has them, with a page of its movements, the oldest first.
    """

    from_: Day = Field(alias="from")
    to: Day
    drawn_at: Moment
    opening: StandingView
    came_in: Money
    went_out: Money
    closing: StandingView
    count: int
    held: list[HeldView]
