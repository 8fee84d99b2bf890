from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.api.languages import Language
from chalicelib.api.schemas.checkpoints import (
    BoardAnswer,
    BoardRowView,
    CheckpointDetailView,
    CheckpointView,
    DayItem,
    DaysView,
    DepositView,
    FeesView,
    FeeView,
    HoursView,
    LaneView,
    NamesView,
    PositionView,
    SlotItem,
    SlotsView,
)
from chalicelib.api.schemas.fields import money
from chalicelib.contracts.boards import BoardRow, BoardView
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import DayPlan, PlaceClass
from chalicelib.domain.rules import Rules
from chalicelib.jurisdictions import Texts
from chalicelib.jurisdictions.checkpoints import Checkpoint
from chalicelib.jurisdictions.fees import FeeSchedule
from chalicelib.usecases.find_places import DayView, SlotView


def names_view(names: Texts) -> NamesView:
    """
    Show a text in all languages.
    """
    return NamesView(kk=names["kk"], ru=names["ru"], en=names["en"])


def status_of(checkpoint: Checkpoint, plan: DayPlan | None, *, now: datetime, rules: Rules) -> str:
    """
    Tell whether a checkpoint works: `closed` while a closure or a day off keeps everybody out (D21).
    """
    return "closed" if plan is not None and plan.is_closed_at(now, rules) else checkpoint.status


def checkpoint_view(checkpoint: Checkpoint, *, status: str, language: Language) -> CheckpointView:
    """
    Show a checkpoint in a list.
    """
    place = checkpoint.position
    return CheckpointView(
        id=checkpoint.id,
        names=names_view(checkpoint.names),
        country=checkpoint.country,
        region=checkpoint.region.names[language.value],
        position=PositionView(lat=place.lat, lon=place.lon, approximate=place.approximate),
        has_waiting_area=checkpoint.has_waiting_area,
        status=status,
    )


@dataclass(frozen=True, slots=True)
class Today:
    """
    A checkpoint's day as it is: its plan, where it has one, its load, what crossed lately, and the figures in force.
    """

    now: datetime
    plan: DayPlan | None
    load: DayView | None
    crossed_a_day: float | None
    rules: Rules


def checkpoint_detail(checkpoint: Checkpoint, *, today: Today, language: Language) -> CheckpointDetailView:
    """
    Show a checkpoint by itself: its hours and intervals are today's, as OGD set them (D1).
    """
    hours, plan, rules = checkpoint.opening_hours, today.plan, today.rules
    status = status_of(checkpoint, plan, now=today.now, rules=rules)
    return CheckpointDetailView(
        **checkpoint_view(checkpoint, status=status, language=language).model_dump(),
        lanes=[LaneView(id=lane.id, kind=lane.kind) for lane in checkpoint.lanes],
        capacity_today=today.load.capacity if today.load is not None else 0,
        opening_hours=HoursView(opens=hours.opens, closes=hours.closes)
        if plan is None
        else HoursView(opens=_clock(plan.opens), closes=_clock(plan.closes)),
        call_lead_minutes=int(rules.call_lead(rules.today(today.now)).total_seconds() // 60),
        interval_minutes=checkpoint.interval_minutes if plan is None else plan.interval_minutes,
        crossed_a_day=today.crossed_a_day,
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def days_view(page: tuple[Sequence[DayView], str | None], *, as_of: datetime) -> DaysView:
    """
    Show the load of days: a page of them, and the cursor of the next one.
    """
    days, further = page
    items = [
        DayItem(date=day.day, closed=day.closed, capacity=day.capacity, free=day.free, free_secondary=day.free_secondary) for day in days
    ]
    return DaysView(items=items, next_cursor=further, as_of=as_of)


def slots_view(page: tuple[Sequence[SlotView], str | None]) -> SlotsView:
    """
    Show a day's intervals: a page of them, and the cursor of the next one.
    """
    slots, further = page
    return SlotsView(items=[_slot(slot) for slot in slots], next_cursor=further)


def _slot(slot: SlotView) -> SlotItem:
    return SlotItem(
        start=slot.start,
        end=slot.end,
        capacity=slot.capacity,
        free=slot.free,
        free_secondary=slot.free_secondary,
        fee=money(slot.fee) if slot.fee is not None else None,
        fee_secondary=money(slot.fee_secondary) if slot.fee_secondary is not None else None,
    )


def board_answer(view: BoardView) -> BoardAnswer:
    """
    Show a board.
    """
    return BoardAnswer(
        checkpoint=view.checkpoint,
        version=view.version,
        at=view.at,
        called=[_row(row) for row in view.called],
        entering=[_row(row) for row in view.entering],
        leaving=[_row(row) for row in view.leaving],
    )


def _row(row: BoardRow) -> BoardRowView:
    return BoardRowView(plate=row.plate, country=row.country, number=row.number, since=row.since, lane=row.lane, until=row.until)


def fees_view(schedule: FeeSchedule, *, on: date) -> FeesView:
    """
    Show every fee due on a day of payment (§25, D27).
    """
    rates = schedule.rates
    return FeesView(
        date=on,
        mci=money(schedule.tiyn(1)),
        mci_source=schedule.mci.source,
        assumed=schedule.assumed,
        fees=[_fee(schedule, class_, pool) for pool in Pool for class_ in PlaceClass],
        deposit=DepositView(mci=rates.deposit, amount=money(schedule.deposit), source=rates.sources["deposit"]),
    )


def _fee(schedule: FeeSchedule, class_: PlaceClass, pool: Pool) -> FeeView:
    secondary = pool is Pool.SECONDARY
    dearer = secondary and schedule.mcis(class_.value, secondary=True) > schedule.mcis(class_.value)
    return FeeView(
        class_=class_,
        pool=pool,
        mci=schedule.mcis(class_.value, secondary=secondary),
        amount=money(schedule.fee(class_.value, secondary=secondary)),
        source=schedule.rates.sources["secondary" if dearer else class_.value],
    )
