"""
What the public may know of a checkpoint's day: every change of its queue with its ground, nothing personal, each line bound to those before it.

Lines are made from events by lists of what is allowed; what is on no list stays inside.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final

from chalicelib.domain.bookings import Happening
from chalicelib.domain.records import Event
from chalicelib.domain.rules import Rules

SHOWN: Final = frozenset(
    {
        *(Happening.HELD, Happening.CONFIRMED, Happening.EXPIRED, Happening.CANCELLED, Happening.ANNULLED, Happening.WITHDRAWN),
        *(Happening.RESCHEDULED, Happening.RELOCATED, Happening.RELOCATED_IN_AREA, Happening.MOVED, Happening.MOVED_IN_AREA),
        *(Happening.SHIFTED, Happening.REPACED, Happening.POSTPONED, Happening.CLASS_CHANGED, Happening.PLATE_CORRECTED),
        *(Happening.ARRIVED, Happening.READY, Happening.CALLED, Happening.LEFT_AREA, Happening.ADMITTED, Happening.CROSSED),
        *(Happening.RETURNED, Happening.LOCK_RELEASED),
    }
)
"""What changes the queue. Who applies, what registers answer, payments, notices, drivers and sanctions concern nobody but the user; a
figure that moved a call is published itself."""
SITE_KINDS: Final = frozenset(
    {
        *("ordered", "places_added", "places_changed", "ceiling_passed"),
        *("barrier_command", "passage_registered", "vehicle_list_approved"),
    }
)
"""Events that are no booking's: orders and what they did to places (D1, D21), officers at the gate (D17, D26), lists approved (§6)."""
FIELDS: Final = ("status", "class_", "pool", "number", "slot_start", "slot_end", "shift_minutes", "demoted")
"""Fields of a booking that a line may tell when they changed."""
DETAILS: Final = (
    "class",
    "rows",
    "lane",
    "command",
    "from",
    "to",
    "per_day",
    "interval_minutes",
    "minutes",
    "kind",
    "starts",
    "ends",
    "day",
    "added",
    "action",
)
"""Figures and codes of an event's detail that a line may tell; reasons are people's words and stay inside."""
GROUND: Final = re.compile(r"D?\d{1,2}(-\d)?(\.\d{1,2}(-\d)?)?|match_confirmed|emergency|service_vehicle", re.ASCII)
POSITIONS: Final = ("withheld", "offered")
"""Details that name places, some with the class they are offered in."""
PLACES: Final = re.compile(r"(\d\d-\d{3}(=[a-z_]{1,20})? ?){1,100}", re.ASCII)
CODE: Final = re.compile(r"[A-Za-z0-9:+._-]{1,40}", re.ASCII)
REFERENCE_LETTERS: Final = 16

Reference = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class History:
    """
    A day's lines with the last link of their chain. `final`: the day is over and its gateway has told all of it, nothing follows.
    """

    checkpoint: str
    day: date
    lines: tuple[str, ...]
    head: str
    as_of: datetime
    final: bool

    @property
    def claims(self) -> Mapping[str, str | int | bool]:
        """
        Say what is signed.
        """
        return {
            "checkpoint": self.checkpoint,
            "date": self.day.isoformat(),
            "count": len(self.lines),
            "head": self.head,
            "as_of": self.as_of.isoformat(timespec="seconds"),
            "final": self.final,
        }


def is_shown(event: Event) -> bool:
    """
    Tell whether the public sees a kind of event.
    """
    return event.kind in SHOWN or event.kind in SITE_KINDS


def history_of(
    events: Iterable[Event], *, checkpoint: str, day: date, told_upto: datetime | None, reference: Reference, now: datetime, rules: Rules
) -> History:
    """
    Make a day's history; `reference` hides ids under a key of ours, so that a booking's lines belong together and lead nowhere.

    `told_upto`: how far the checkpoint's gateway has told; none: it has none.
    """
    shown = sorted((event for event in events if is_shown(event)), key=lambda event: (event.at, event.aggregate, event.aggregate_version))
    link, lines = first_link(checkpoint, day), []
    for number, event in enumerate(shown, 1):
        text = spell({"line": number, **line_of(event, reference=reference, rules=rules)})
        link = next_link(link, text)
        lines.append(f'{text[:-1]},"chain":"{link}"}}')
    return History(checkpoint, day, tuple(lines), link, now, final=_is_over(day, told_upto, now, rules))


def _is_over(day: date, told_upto: datetime | None, now: datetime, rules: Rules) -> bool:
    """
    Tell whether a day can still get lines: what a gateway that is cut off tells late carries its own time and lies in that day.
    """
    ends = rules.midnight(day + timedelta(days=1))
    return now >= ends + rules.day_closes_after and (told_upto is None or told_upto >= ends)


def line_of(event: Event, *, reference: Reference, rules: Rules) -> Mapping[str, str | int | bool]:
    """
    Say one event: when, what, by what kind of actor, on what ground, and what changed of what the public may know.
    """
    line: dict[str, str | int | bool] = {
        "at": event.at.astimezone(rules.zone).isoformat(timespec="seconds"),
        "event": event.kind,
        "ref": reference(f"{event.checkpoint}:{event.aggregate}")[:REFERENCE_LETTERS],
        "by": event.by.partition(":")[0],
    }
    if event.ground is not None and GROUND.fullmatch(event.ground):
        line["ground"] = event.ground
    line |= {name.rstrip("_"): said for name in FIELDS if (said := _said(event.change.get(name), rules)) is not None}
    for name in DETAILS:
        value = event.detail.get(name)
        if isinstance(value, int) or (isinstance(value, str) and CODE.fullmatch(value)):
            line[name] = value
    line |= {name: value for name in POSITIONS if isinstance(value := event.detail.get(name), str) and PLACES.fullmatch(value)}
    return line


def _said(value: object, rules: Rules) -> str | int | bool | None:
    if isinstance(value, datetime):
        return value.astimezone(rules.zone).isoformat(timespec="seconds")
    return value if isinstance(value, str | int) else None


def spell(document: Mapping[str, object]) -> str:
    """
    Spell a line in the one way that is hashed: keys in order, no blanks.
    """
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def first_link(checkpoint: str, day: date) -> str:
    """
    Give the link before the first line: SHA-256 (hex) of `checkpoint/date`.
    """
    return sha256(f"{checkpoint}/{day}".encode()).hexdigest()


def next_link(link: str, text: str) -> str:
    """
    Bind a line to those before it: SHA-256 (hex) of the link before, a line feed, and the line without its `chain`.
    """
    return sha256(f"{link}\n{text}".encode()).hexdigest()
