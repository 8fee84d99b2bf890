"""
The figures that the law leaves open, their history, and what the registrar decides of them.
"""

from pydantic import Field, model_validator

from chalicelib.api.schemas.base import Page, Request, View, WholeQuery, absent
from chalicelib.api.schemas.fields import Day, Moment, Prose, fault


class PolicyRequest(Request):
    """
    A figure from a day on, in its own unit.
    """

    from_: Day = Field(alias="from", description="First day in force; not in the past.", examples=["2031-02-03"])
    to: Day | None = Field(default=None, description="Last day; until further notice when not said.", examples=[None])
    value: int = Field(ge=-1_000_000_000, le=1_000_000_000, examples=[90])
    ground: Prose = Field(max_length=500, description="Why: an order, a decision.", examples=["Приказ № 12 от 01.12.2026"])

    @model_validator(mode="after")
    def check_period(self) -> "PolicyRequest":
        """
        Refuse a reversed period.
        """
        if self.to is not None and self.to < self.from_:
            raise fault("range_reversed", field="to")
        return self


class DecisionView(View):
    """
    One value of a figure; without an author it is the jurisdiction's own.
    """

    from_: Day = Field(alias="from")
    to: Day | None = absent()
    value: int
    ground: str
    by: str | None = absent(description="The registrar's account.")
    at: Moment | None = absent()


class PolicyView(View):
    """
    A figure: what is in force today, and its history, oldest first; of two that speak of one day the later said one counts.
    """

    name: str
    unit: str = Field(examples=["minutes"])
    source: str = Field(description="Paragraph or decision that leaves it open.")
    value: int
    least: int
    most: int
    history: list[DecisionView]


class PolicyPage(Page[PolicyView]):
    """
    Every figure.
    """


class PoliciesQuery(WholeQuery):
    """
    Which page.
    """
