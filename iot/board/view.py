"""
What a board shows: the cloud's view, with what the gate has let through since laid over it, so that it lives while the cloud is away.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.contracts.boards import BoardRow, BoardView
from chalicelib.contracts.passages import Action, GateDecision, LaneKind

MOST_ROWS: Final = 12
"""A board readable from 20 m has no room for more in a column."""
SHOWN_FOR: Final = timedelta(minutes=10)


class Column(StrEnum):
    """
    The columns that the gate itself can fill.
    """

    ENTERING = "entering"
    LEAVING = "leaving"


_COLUMN_OF: Final = {LaneKind.ENTRY: Column.ENTERING, LaneKind.EXIT: Column.LEAVING}


@dataclass(frozen=True, slots=True)
class Passage:
    """
    A vehicle that the gate let through.
    """

    column: Column
    row: BoardRow


def passage(told: GateDecision, *, lane_kind: LaneKind, view: BoardView) -> Passage | None:
    """
    The board's line for a decision that opened; none for any other. The plate is the booking's where the view knows it, else as read.
    """
    if told.decision.action is not Action.OPEN or lane_kind not in _COLUMN_OF or not told.readings:
        return None
    number = told.decision.booking_number
    listed = next((row for row in (*view.called, *view.entering) if number is not None and row.number == number), None)
    read = told.readings[0]
    plate, country = (listed.plate, listed.country) if listed else (read.text, read.country)
    return Passage(column=_COLUMN_OF[lane_kind], row=BoardRow(plate=plate, country=country, number=number, since=told.at, lane=told.lane))


def recent(passages: Sequence[Passage], *, now: datetime) -> tuple[Passage, ...]:
    """
    The passages still shown.
    """
    return tuple(one for one in passages if now - one.row.since < SHOWN_FOR)


def compose(*, view: BoardView, passages: Sequence[Passage], now: datetime) -> BoardView:
    """
    Lay recent passages over the cloud's view. A vehicle stands in the column of its furthest step only: leaving, entering, called.
    """
    shown = recent(passages, now=now)
    leaving = _newest([*(one.row for one in shown if one.column is Column.LEAVING), *view.leaving], without=frozenset())
    gone = frozenset(_vehicle(row) for row in leaving)
    entering = _newest([*(one.row for one in shown if one.column is Column.ENTERING), *view.entering], without=gone)
    inside = gone | frozenset(_vehicle(row) for row in entering)
    called = _newest(view.called, without=inside)
    return replace(view, at=max(view.at, now), called=called, entering=entering, leaving=leaving)


def _newest(rows: Sequence[BoardRow], *, without: frozenset[str]) -> tuple[BoardRow, ...]:
    """
    Newest first, each vehicle once.
    """
    kept: dict[str, BoardRow] = {}
    for row in sorted(rows, key=lambda one: one.since, reverse=True):
        if _vehicle(row) not in without:
            kept.setdefault(_vehicle(row), row)
    return tuple(kept.values())[:MOST_ROWS]


def _vehicle(row: BoardRow) -> str:
    return row.number or f"{row.country} {row.plate}"
