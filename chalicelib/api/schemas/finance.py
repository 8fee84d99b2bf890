from pydantic import Field

from chalicelib.api.schemas.base import Page, View
from chalicelib.api.schemas.fields import Day, Moment, Money


class SettlementRowView(View):
    """
    What one checkpoint and class brought in.
    """

    checkpoint: str
    class_: str = Field(alias="class")
    fees: Money
    fee_count: int
    forfeits: Money
    forfeit_count: int


class SettlementView(View):
    """
    One closed day's remittance to the budget (§24, D29): closed once and forever.
    """

    id: str = Field(examples=["2026-12-03"])
    day: Day
    closed_at: Moment
    due_on: Day = Field(description="When it must have reached the budget.")
    due: Money


class SettlementDetailView(SettlementView):
    """
    A settlement with its rows.
    """

    rows: list[SettlementRowView]


class SettlementPage(Page[SettlementView]):
    """
    Settlements, latest first.
    """
