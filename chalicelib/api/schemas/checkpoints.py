from datetime import timedelta

from pydantic import Field, model_validator

from chalicelib.api.schemas.base import Page, Query, View, WholeQuery, absent
from chalicelib.api.schemas.fields import Country, Day, Moment, Money, fault
from chalicelib.contracts.passages import LaneKind
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass

LONGEST_RANGE = timedelta(days=90)


class NamesView(View):
    """
    A name in the three languages.
    """

    kk: str
    ru: str
    en: str


class PositionView(View):
    """
    Degrees, WGS 84; approximate ones are not surveyed.
    """

    lat: float
    lon: float
    approximate: bool


class CheckpointView(View):
    """
    A checkpoint on the border; `country` is the neighbor's.
    """

    id: str = Field(examples=["nur-zholy"])
    names: NamesView
    country: str = Field(examples=["CN"])
    region: str = Field(description="In the caller's language.")
    position: PositionView
    has_waiting_area: bool
    status: str = Field(examples=["open"])


class LaneView(View):
    """
    A lane with its camera.
    """

    id: str = Field(examples=["entry-1"])
    kind: LaneKind


class HoursView(View):
    """
    Local times, half-open.
    """

    opens: str = Field(examples=["00:00"])
    closes: str = Field(examples=["24:00"])


class CheckpointDetailView(CheckpointView):
    """
    A checkpoint with its lanes and today's figures.
    """

    lanes: list[LaneView]
    capacity_today: int
    opening_hours: HoursView
    call_lead_minutes: int
    interval_minutes: int
    crossed_a_day: float | None = absent(description="What really crossed, a day on average of the trailing 30 days (D1).")


class CheckpointPage(Page[CheckpointView]):
    """
    Checkpoints, all on one page unless smaller ones are asked for.
    """


class CheckpointsQuery(WholeQuery):
    """
    Which checkpoints.
    """

    country: Country | None = Field(default=None, description="Of this neighbor only.", examples=["CN"])


class ClassQuery(Query):
    """
    For which class of places.
    """

    class_: PlaceClass = Field(default=PlaceClass.GENERAL, alias="class", description="Class of places (§6, §6-1).")


class DaysQuery(ClassQuery, WholeQuery):
    """
    A period of at most 90 days, both ends included.
    """

    from_: Day | None = Field(default=None, alias="from", description="First day; today when not said.")
    to: Day | None = Field(default=None, description="Last day; the horizon's last when not said.")

    @model_validator(mode="after")
    def check_range(self) -> "DaysQuery":
        """
        Refuse a period that is reversed or too long.
        """
        if self.from_ is not None and self.to is not None and not timedelta() <= self.to - self.from_ < LONGEST_RANGE:
            raise fault("range", field="to")
        return self


class DayItem(View):
    """
    The load of one day.
    """

    date: Day
    closed: bool
    capacity: int
    free: int
    free_secondary: int


class DaysView(Page[DayItem]):
    """
    Days of the period that lie within the horizon.
    """

    as_of: Moment = Field(description="At most 5 s old; never decisive.")


class SlotsQuery(ClassQuery, WholeQuery):
    """
    A day of a class.
    """

    date: Day


class SlotItem(View):
    """
    One interval; fees are null where they are not known yet (D27).
    """

    start: Moment
    end: Moment
    capacity: int
    free: int
    free_secondary: int
    fee: Money | None
    fee_secondary: Money | None


class SlotsView(Page[SlotItem]):
    """
    The intervals of a day.
    """


class FirstFreeQuery(ClassQuery):
    """
    From when on, in which class and pool.
    """

    after: Moment | None = Field(default=None, description="Not before this moment.")
    pool: Pool = Pool.PRIMARY


class FirstFreeView(View):
    """
    The first interval with a free place.
    """

    start: Moment
    end: Moment
    free: int


class BoardRowView(View):
    """
    One vehicle on the board: never a name.
    """

    plate: str
    country: str
    number: str | None = absent()
    since: Moment
    lane: str | None = absent()
    until: Moment | None = absent()


class BoardAnswer(View):
    """
    What the board shows; `version` grows.
    """

    checkpoint: str
    version: int
    at: Moment
    called: list[BoardRowView]
    entering: list[BoardRowView]
    leaving: list[BoardRowView]


class FeesQuery(Query):
    """
    For payments on which day.
    """

    date: Day | None = Field(default=None, description="Day of payment; today when not said.")


class FeeView(View):
    """
    One fee.
    """

    class_: PlaceClass = Field(alias="class")
    pool: Pool
    mci: int = Field(description="In monthly calculation indexes.")
    amount: Money
    source: str = Field(description="The legal source.")


class DepositView(View):
    """
    The guarantee deposit (§28).
    """

    mci: int
    amount: Money
    source: str


class FeesView(View):
    """
    Every fee and the deposit on a day; `assumed` marks an index that nobody has decreed yet.
    """

    date: Day
    mci: Money = Field(description="The monthly calculation index.")
    mci_source: str
    assumed: bool
    fees: list[FeeView]
    deposit: DepositView


class AgreementView(View):
    """
    The user agreement in force (§15); `sha256` is over the compact JSON of version and texts, keys sorted.
    """

    version: str
    published_on: Day
    texts: NamesView
    sha256: str
