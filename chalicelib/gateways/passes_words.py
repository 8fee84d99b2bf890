"""
What is written on a pass, in the reader's language and in local time (D32).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from chalicelib.jurisdictions import jurisdiction
from chalicelib.usecases.issue_pass import Pass

WORDS: Final = Path(__file__).with_name("passes.json")


@dataclass(frozen=True, slots=True)
class PlateWords:
    """
    One plate: what it is, its country (ISO 3166 alpha-2) and the characters as printed.
    """

    label: str
    country: str
    characters: str


@dataclass(frozen=True, slots=True)
class Words:
    """
    Every text of the sheet; `stamp` is the document's date, fixed by the booking.
    """

    language: str
    product: str
    title: str
    checkpoint: str
    other_names: str
    toward: str
    number_label: str
    number: str
    date: str
    interval: str
    zone: str
    enter: str
    class_: str
    plates: tuple[PlateWords, ...]
    gate: str
    steps: tuple[str, ...]
    law: str
    stamp: datetime


def say(*, pass_: Pass, names: Mapping[str, str], language: str) -> Words:
    """
    Word a pass. A booking without place, number or interval has no pass: `ValueError`.
    """
    booking, rules, text = pass_.booking, pass_.rules, _texts()[language]
    if booking.slot_start is None or booking.slot_end is None or booking.number is None:
        raise ValueError(f"{booking.id} has no place, so no pass")
    start, end = booking.slot_start.astimezone(rules.zone), booking.slot_end.astimezone(rules.zone)
    opens = f"{start - rules.entry_opens_before:%H:%M}"
    law = jurisdiction()
    others = dict.fromkeys(name for other, name in names.items() if other != language and name != names[language])
    return Words(
        language=language,
        product=text["product"],
        title=text["title"],
        checkpoint=names[language],
        other_names=" · ".join(others),
        toward=text["toward"].format(country=law.names[booking.toward][language]),
        number_label=text["number"],
        number=booking.number,
        date=_date(start, text),
        interval=f"{start:%H:%M}–{end:%H:%M}",
        zone=text["time"].format(offset=_offset(start)),
        enter=text["enter"].format(opens=opens),
        class_=law.classes[booking.class_.value].names[language],
        plates=_plates(pass_, text),
        gate=text["gate"],
        steps=tuple(step.format(opens=opens) for step in text["steps"]),
        law=text["law"],
        stamp=booking.confirmed_at or booking.created_at,
    )


def _plates(pass_: Pass, text: Mapping[str, Any]) -> tuple[PlateWords, ...]:
    vehicle, trailer = pass_.booking.vehicle, pass_.booking.trailer
    own = PlateWords(text["plate"], vehicle.country, vehicle.plate.upper())
    return (own, PlateWords(text["trailer"], trailer.country, trailer.plate.upper())) if trailer else (own,)


def _offset(moment: datetime) -> str:
    """
    Spell the zone's distance from UTC on that day: +5 since 1 March 2024, +6 before (D32).
    """
    offset = moment.utcoffset() or timedelta()
    return f"UTC{offset / timedelta(hours=1):+.0f}"


def _date(day: datetime, text: Mapping[str, Any]) -> str:
    month, weekday = text["months"][day.month - 1], text["weekdays"][day.weekday()]
    return str(text["date"]).format(year=day.year, month=month, day=day.day, weekday=weekday)


@cache
def _texts() -> Mapping[str, Mapping[str, Any]]:
    texts: dict[str, dict[str, Any]] = json.loads(WORDS.read_text(encoding="utf-8"))
    return texts
