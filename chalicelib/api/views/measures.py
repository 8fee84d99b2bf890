from collections import Counter
from datetime import datetime

from chalicelib.api.schemas.measures import AffectedView, MeasureView, PreviewView, SlotRefView
from chalicelib.domain.bookings import Booking
from chalicelib.domain.measures import Measure, MeasureKind
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import effective_start, no_show_at
from chalicelib.usecases.preview_measure import Affected, Change

MOST = 500


def measure_view(measure: Measure, *, also_at: list[str] | None = None) -> MeasureView:
    """
    Show an order.
    """
    return MeasureView(
        id=measure.id,
        checkpoint=measure.checkpoint,
        kind=measure.kind,
        from_=measure.starts,
        to=measure.ends,
        reason=measure.reason,
        source=measure.source,
        ordered_at=measure.at,
        ordered_by=measure.by,
        state=measure.state,
        done_until=measure.cursor,
        shift_minutes=measure.minutes if measure.kind is MeasureKind.DELAY else None,
        hours=measure.minutes // 60 if measure.kind is MeasureKind.EXTENSION else None,
        per_day=measure.figures.get("per_day"),
        interval_minutes=measure.figures.get("interval_minutes"),
        counts=dict(measure.counts),
        also_at=also_at,
    )


def preview_view(affected: Affected, *, rules: Rules, crossed_a_day: float | None, advised_a_day: int | None) -> PreviewView:
    """
    Show who would be affected.
    """
    changes = affected.changes
    return PreviewView(
        affected=len(changes),
        by_status=dict(Counter(change.before.status.value for change in changes)),
        by_class=dict(Counter(change.before.class_.value for change in changes)),
        counts={name: amount for name, amount in affected.counts.items() if amount},
        bookings=[_affected(change, rules) for change in changes[:MOST]],
        crossed_a_day=crossed_a_day,
        advised_a_day=advised_a_day,
    )


def _affected(change: Change, rules: Rules) -> AffectedView:
    before = change.before
    return AffectedView(
        id=before.id,
        number=before.number,
        plate=before.vehicle.plate,
        country=before.vehicle.country,
        status=before.status,
        class_=before.class_,
        from_=_slot(before, rules),
        to=None if change.must_choose else _slot(change.after, rules),
        must_choose=change.must_choose,
    )


def _slot(booking: Booking, rules: Rules) -> SlotRefView:
    start, end = _known(booking.slot_start), _known(booking.slot_end)
    return SlotRefView(
        number=booking.number, start=start, end=end, expected_at=effective_start(booking), valid_until=no_show_at(booking, rules)
    )


def _known(moment: datetime | None) -> datetime:
    if moment is None:
        raise LookupError("a booking without a slot is not affected")
    return moment
