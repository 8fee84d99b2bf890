"""
What everybody may ask of the register, and what it shows.
"""

from typing import Any

from pydantic import Field, model_validator

from chalicelib.api.schemas.base import Page, Query, View, WholeQuery
from chalicelib.api.schemas.bookings import Slug
from chalicelib.api.schemas.fields import Country, Day, Moment, Plate, fault
from chalicelib.domain.bookings import Status
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass

MOST_LINES = 8_000
"""Lines of one answer: some three megabytes."""


class RegisterQuery(WholeQuery):
    """
    A checkpoint's day, or a plate; a plate within a day or a checkpoint too.
    """

    checkpoint: Slug | None = None
    date: Day | None = None
    plate: Plate | None = Field(default=None, examples=["123ABC02"])
    country: Country | None = Field(default=None, description="Of the plate; Kazakhstan and its neighbors when not said.", examples=["KZ"])

    @model_validator(mode="after")
    def check_some(self) -> "RegisterQuery":
        """
        Refuse to list everything.
        """
        whole: list[Any] = [self.checkpoint, self.date]
        if self.plate is None and not all(whole):
            missing = "date" if self.date is None else "checkpoint"
            raise fault("at_least_one", field=missing, expected="plate, checkpoint + date")
        return self


class RegisteredView(View):
    """
    One booking as everybody may see it.
    """

    checkpoint: str
    number: str
    plate: str
    country: str
    class_: PlaceClass = Field(alias="class")
    pool: Pool
    status: Status
    slot_start: Moment
    slot_end: Moment


class RegisteredPage(Page[RegisteredView]):
    """
    What was found, whole unless smaller pages are asked for.
    """


class HistoryQuery(Query):
    """
    Which lines.
    """

    after: int = Field(default=0, ge=0, le=10**7, description="Lines after this one.")
    limit: int = Field(default=MOST_LINES, ge=1, le=MOST_LINES, description="Lines of one answer; its last line names the next.")
