"""
How a checkpoint's queue moves.
"""

from pydantic import Field

from chalicelib.api.schemas.base import View
from chalicelib.api.schemas.fields import Moment


class ServedView(View):
    """
    The interval whose vehicles are entering now.
    """

    start: Moment
    end: Moment


class FlowItem(View):
    """
    When the middle vehicle of an interval will enter, and the period in which it will in four cases of five.
    """

    start: Moment
    end: Moment
    vehicles: int = Field(description="Still to enter, as far as can be told.")
    expected_at: Moment
    earliest: Moment
    latest: Moment
    late_minutes: int


class FlowAnswer(View):
    """
    How the queue moves: counted from what the gateway reported, forecast for the next 24 hours.
    """

    checkpoint: str
    as_of: Moment | None = Field(description="The gateway's last word; null where none has reported.")
    serving: ServedView | None = Field(description="Null while nobody enters.")
    late_minutes: int = Field(description="How late the head of the queue is now.")
    stopped_since: Moment | None = Field(description="A queue that stands: nobody has entered since.")
    vehicles_last_hour: int = Field(description="Entered in the hour before `as_of`.")
    pace_per_hour: float = Field(description="Vehicles an hour while somebody waits.")
    planned_per_hour: float
    forecast: list[FlowItem]
