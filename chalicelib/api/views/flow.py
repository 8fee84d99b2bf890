from datetime import datetime, timedelta

from chalicelib.api.schemas.flow import FlowAnswer, FlowItem, ServedView
from chalicelib.domain.flow import Outlook
from chalicelib.usecases.show_flow import FlowView


def flow_answer(flow: FlowView) -> FlowAnswer:
    """
    Show how the queue moves, to the minute: what changes by seconds alone is no news.
    """
    serving, pace = flow.serving, flow.pace
    return FlowAnswer(
        checkpoint=flow.checkpoint,
        as_of=flow.heard_upto,
        serving=ServedView(start=serving.start, end=serving.end) if serving else None,
        late_minutes=_minutes(pace.behind),
        stopped_since=_to_minute(pace.stopped_since) if pace.stopped_since else None,
        vehicles_last_hour=flow.entered_last_hour,
        pace_per_hour=round(pace.per_hour, 1),
        planned_per_hour=round(flow.planned_per_hour, 1),
        forecast=[_flow_item(outlook) for outlook in flow.outlooks],
    )


def _flow_item(outlook: Outlook) -> FlowItem:
    return FlowItem(
        start=outlook.interval.start,
        end=outlook.interval.end,
        vehicles=round(outlook.vehicles),
        expected_at=_to_minute(outlook.expected_at),
        earliest=_to_minute(outlook.earliest),
        latest=_to_minute(outlook.latest),
        late_minutes=_minutes(outlook.late),
    )


def _to_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
