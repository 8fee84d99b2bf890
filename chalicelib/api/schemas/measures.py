"""
What the authority orders over a period, who would be affected, and how far it is carried out (D1, D21).
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final

from pydantic import Field, PlainSerializer, PlainValidator, StringConstraints, WithJsonSchema, model_validator

from chalicelib.api.schemas.base import Page, Request, View, WholeQuery, absent
from chalicelib.api.schemas.fields import DAY, ZONE, Country, Day, Moment, Prose, fault, parse_day, parse_moment
from chalicelib.domain.bookings import Status
from chalicelib.domain.measures import MOST_EXTENSION, MOST_SHIFT, MeasureKind, MeasureState
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.policies import WEEKDAYS

LATEST: Final = 24 * 60
LEAST_INTERVAL: Final = 15
"""A number names the interval by two digits."""
MOST_IN_INTERVAL: Final = 999
CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)


def parse_bound(value: object) -> date | datetime:
    """
    Read one end of a period: a whole local day, or an instant.
    """
    return parse_day(value) if isinstance(value, str) and DAY.fullmatch(value) else parse_moment(value)


def parse_day_off(value: str) -> str:
    """
    Read a weekday (`mon` … `sun`) or a date.
    """
    return value if value in WEEKDAYS else parse_day(value).isoformat()


def minutes_of(clock: str) -> int:
    """
    Count minutes after local midnight.
    """
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


_BOUND: Final = {
    "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
    "examples": ["2031-02-03"],
}
Bound = Annotated[
    date | datetime, PlainValidator(parse_bound), PlainSerializer(lambda value: value.isoformat(), return_type=str), WithJsonSchema(_BOUND)
]
Clock = Annotated[str, StringConstraints(pattern=CLOCK.pattern.join(("^(", ")$"))), Field(examples=["08:00"])]
DayOff = Annotated[str, StringConstraints(max_length=10), PlainValidator(lambda value: parse_day_off(str(value))), Field(examples=["sun"])]


class CapacityRequest(Request):
    """
    Vehicles a day from a day on, or for a period of days; what is not said stays as it is.
    """

    from_: Day = Field(alias="from", examples=["2031-02-03"])
    to: Day | None = Field(default=None, description="Last day; until further notice when not said.", examples=["2031-02-09"])
    per_day: int = Field(ge=0, le=20_000, examples=[300])
    interval_minutes: int | None = Field(default=None, ge=LEAST_INTERVAL, le=LATEST, examples=[60])
    opens: Clock | None = Field(default=None, examples=["00:00"])
    closes: Clock | None = Field(default=None, examples=["24:00"])
    days_off: list[DayOff] | None = Field(
        default=None, max_length=366, description="Weekdays `mon` … `sun` and dates without any entry.", examples=[["2031-02-05"]]
    )
    reason: Prose | None = Field(default=None, max_length=500, examples=["Ремонт полосы досмотра"])

    @model_validator(mode="after")
    def check_period(self) -> "CapacityRequest":
        """
        Refuse a reversed period.
        """
        if self.to is not None and self.to < self.from_:
            raise fault("range_reversed", field="to")
        return self


class PeriodRequest(Request):
    """
    A period of booked time: whole days (both included), or instants (half-open).
    """

    from_: Bound = Field(alias="from")
    to: Bound
    reason: Prose = Field(max_length=500, examples=["Буран, дорога закрыта"])

    @property
    def starts(self) -> datetime:
        """
        Give its first instant.
        """
        return self.from_ if isinstance(self.from_, datetime) else datetime.combine(self.from_, time(), ZONE)

    @property
    def ends(self) -> datetime:
        """
        Give the instant after it.
        """
        return self.to if isinstance(self.to, datetime) else datetime.combine(self.to + timedelta(days=1), time(), ZONE)

    @model_validator(mode="after")
    def check_period(self) -> "PeriodRequest":
        """
        Refuse an empty or reversed period.
        """
        if self.ends <= self.starts:
            raise fault("range_reversed", field="to")
        return self


class ClosureRequest(PeriodRequest):
    """
    Nothing enters in the period.
    """


class DelayRequest(PeriodRequest):
    """
    Whoever is booked in the period comes later by so many minutes; place, number and order stay.
    """

    shift_minutes: int = Field(ge=1, le=MOST_SHIFT, examples=[90])


class ExtensionRequest(PeriodRequest):
    """
    Whoever is booked in the period may come for so many hours longer; place, number and order stay.
    """

    hours: int = Field(ge=1, le=MOST_EXTENSION // 60, examples=[72])
    country: Country | None = Field(default=None, description="At every checkpoint toward this neighbor.", examples=[None])
    source: Prose | None = Field(
        default=None, max_length=500, description="Who said so: the road service, the neighbor.", examples=["ҚазАвтоЖол"]
    )


class MeasureView(View):
    """
    An order and how far it is carried out.
    """

    id: str
    checkpoint: str
    kind: MeasureKind
    from_: Moment = Field(alias="from")
    to: Moment
    reason: str
    source: str | None = absent()
    ordered_at: Moment
    ordered_by: str = Field(description="The officer's account.")
    state: MeasureState
    done_until: Day = Field(description="Every day before this one is done.")
    shift_minutes: int | None = absent()
    hours: int | None = absent()
    per_day: int | None = absent()
    interval_minutes: int | None = absent()
    counts: dict[str, int] = Field(description="Places withheld, offered, added; bookings moved, shifted, left to choose; class excess.")
    also_at: list[str] | None = absent(description="Further checkpoints of the country.")


class MeasurePage(Page[MeasureView]):
    """
    Orders of a checkpoint, newest first.
    """


class MeasuresQuery(WholeQuery):
    """
    Which page.
    """


class SlotRefView(View):
    """
    A place by its number, its slot, and when the vehicle is expected.
    """

    number: str | None = absent()
    start: Moment
    end: Moment
    expected_at: Moment
    valid_until: Moment


class AffectedView(View):
    """
    One booking that would be affected.
    """

    id: str
    number: str | None = absent()
    plate: str
    country: str
    status: Status
    class_: PlaceClass = Field(alias="class")
    from_: SlotRefView = Field(alias="from")
    to: SlotRefView | None = absent(description="Where it would be; none where its user must choose.")
    must_choose: bool


class PreviewView(View):
    """
    What an order would do; nothing was changed.
    """

    affected: int
    by_status: dict[str, int]
    by_class: dict[str, int]
    counts: dict[str, int]
    bookings: list[AffectedView] = Field(description="The first 500.")
    crossed_a_day: float | None = absent(description="What really crossed a day, on average of the trailing 30 days (D1).")
    advised_a_day: int | None = absent(
        description="Of a capacity: the places a day that the gate serves at its own pace, by how many usually come and how late it runs now."
    )


def check_shape(*, interval_minutes: int, opens: int, closes: int, per_day: int) -> tuple[str, str] | None:
    """
    Find the field at fault and the kind of fault in a whole timetable, or none.
    """
    if opens + interval_minutes > closes:
        return "closes", "opening_hours"
    count = (closes - opens) // interval_minutes
    return ("per_day", "too_many_a_slot") if per_day > MOST_IN_INTERVAL * count else None
