"""
When something runs by itself.
"""

from dataclasses import dataclass
from typing import Final

from aws_cdk import Duration, TimeZone
from aws_cdk import aws_scheduler as scheduler

ZONE: Final = "Asia/Almaty"


@dataclass(frozen=True, slots=True)
class Cadence:
    """
    Every so many minutes, or at a minute of chosen hours, local time (`hours` as cron writes them).
    """

    minutes: int | None = None
    hours: str | None = None
    minute: int = 0

    def expression(self) -> scheduler.ScheduleExpression:
        """
        Say it to EventBridge Scheduler.
        """
        if self.minutes is not None:
            return scheduler.ScheduleExpression.rate(Duration.minutes(self.minutes))
        return scheduler.ScheduleExpression.cron(minute=str(self.minute), hour=self.hours, time_zone=TimeZone.of(ZONE))
