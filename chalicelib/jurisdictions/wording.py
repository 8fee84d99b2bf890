"""
How values are said in a sentence: ids as names, moments in local time, money in tenge.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.jurisdictions.reading import Texts

MONEY: Final = frozenset({"amount", "available", "debt", "deposit", "due", "fee", "limit_amount", "missing", "refundable", "to_pay"})
"""Parameters that are amounts in tiyn."""

SOURCES: Final = frozenset({"source", "sources"})
"""Parameters that are ids of §18's sources."""

PROSE: Final = frozenset({"reason"})
"""Parameters that somebody wrote: said as written, commas and all."""

DAY: Final = re.compile(r"^\d{4}-\d{2}-\d{2}$")
MOMENT: Final = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


def say_money(tiyn: int) -> str:
    """
    Write tiyn as tenge: `8 650 ₸`, `12,50 ₸`, with no-break spaces.
    """
    tenge, rest = divmod(abs(tiyn), 100)
    whole = f"{tenge:,}".replace(",", "\u00a0")
    sign = "−" if tiyn < 0 else ""
    return f"{sign}{whole},{rest:02d}\u00a0₸" if rest else f"{sign}{whole}\u00a0₸"


def say_moment(moment: datetime, zone: ZoneInfo) -> str:
    """
    Write an instant in local time: `03.12.2026 14:00`.
    """
    return moment.astimezone(zone).strftime("%d.%m.%Y %H:%M")


def say_day(day: date) -> str:
    """
    Write a day: `03.12.2026`.
    """
    return day.strftime("%d.%m.%Y")


def say(*, name: str, value: str | int, language: str, names: Mapping[str, Texts], zone: ZoneInfo) -> str:
    """
    Say one parameter: amounts as tenge, ISO days and instants as locals write them, known ids (also comma-separated ones) by name.
    """
    if isinstance(value, int):
        return say_money(value) if name in MONEY else str(value)
    if name in PROSE:
        return names[value][language] if value in names else value
    if DAY.match(value):
        return say_day(date.fromisoformat(value))
    if MOMENT.match(value):
        return say_moment(datetime.fromisoformat(value), zone)
    prefix = "source:" if name in SOURCES else ""
    return "; ".join(names[prefix + part][language] if prefix + part in names else part for part in re.split(r",\s*", value))
