"""
What is written on a statement, in the reader's language and in local time (D32).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from chalicelib.domain.account_statements import Line
from chalicelib.domain.money import Posting
from chalicelib.gateways.invoices.words import spell_sum
from chalicelib.jurisdictions import jurisdiction
from chalicelib.usecases.draw_statement import StatementSeen

WORDS: Final = Path(__file__).with_name("words.json")
MINUS: Final = "\u2212"


@dataclass(frozen=True, slots=True)
class Figure:
    """
    A sum and what it is.
    """

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One movement: when, what for (two lines), in, out, what is held and the balance after it.
    """

    day: str
    minute: str
    what: str
    about: str
    came_in: str
    went_out: str
    held: str
    balance: str


@dataclass(frozen=True, slots=True)
class Words:
    """
    Every text of the pages; `stamp` is the document's date, the moment it was drawn up.
    """

    language: str
    product: str
    title: str
    period: str
    holder: Figure | None
    opening: Figure
    came_in: Figure
    went_out: Figure
    closing: Figure
    parts: tuple[Figure, ...]
    columns: tuple[str, ...]
    entries: tuple[Entry, ...]
    nothing: str
    held_label: str
    held_for: tuple[Figure, ...]
    page: str
    law: str
    stamp: datetime


def say(*, seen: StatementSeen, holder: str | None, language: str) -> Words:
    """
    Word a statement.
    """
    text, made = texts()[language], seen.statement
    closing = made.closing
    return Words(
        language=language,
        product=text["product"],
        title=text["title"],
        period=text["period"].format(first=_date(made.period.first), last=_date(made.period.last)),
        holder=Figure(text["holder"], holder) if holder else None,
        opening=Figure(text["opening"], spelled(made.opening.balance)),
        came_in=Figure(text["came_in"], spelled(made.came_in)),
        went_out=Figure(text["went_out"], spelled(made.went_out)),
        closing=Figure(text["closing"], spelled(closing.balance)),
        parts=tuple(Figure(text[name], spelled(sum_)) for name, sum_ in _parts(closing.available, closing.held, closing.debt)),
        columns=tuple(text["columns"]),
        entries=tuple(_entry(seen, line, language) for line in made.lines),
        nothing=text["nothing"],
        held_label=text["held_for"],
        held_for=tuple(Figure(seen.numbers.get(booking, text["unnumbered"]), spelled(sum_)) for booking, sum_ in made.held_for.items()),
        page=text["page"],
        law=text["law"].format(at=local(made.drawn_at).strftime("%d.%m.%Y %H:%M")),
        stamp=made.drawn_at,
    )


def what_of(posting: Posting, language: str) -> str:
    """
    Say what a posting is for; one of a kind that has no words yet is some movement.
    """
    kinds: Mapping[str, str] = texts()[language]["kinds"]
    return kinds.get(posting.kind, kinds["other"])


def place_of(posting: Posting, language: str) -> str:
    """
    Name the checkpoint that a posting is about.
    """
    known = jurisdiction().checkpoints.get(posting.checkpoint or "")
    return known.names[language] if known is not None else ""


def spelled(tiyn: int) -> str:
    """
    Write a sum, a debt with a minus.
    """
    return f"{MINUS if tiyn < 0 else ''}{spell_sum(abs(tiyn))}"


def local(moment: datetime) -> datetime:
    """
    Give an instant in local time, to the second.
    """
    return moment.astimezone(jurisdiction().zone).replace(microsecond=0)


@cache
def texts() -> Mapping[str, Mapping[str, Any]]:
    """
    Read the words of every language.
    """
    read: dict[str, dict[str, Any]] = json.loads(WORDS.read_text(encoding="utf-8"))
    return read


def _parts(available: int, held: int, debt: int) -> list[tuple[str, int]]:
    return [("available", available), ("held", held), *([("debt", debt)] if debt else [])]


def _entry(seen: StatementSeen, line: Line, language: str) -> Entry:
    posting, at = line.posting, local(line.posting.at)
    about = (seen.numbers.get(posting.booking or ""), place_of(posting, language))
    return Entry(
        day=_date(at.date()),
        minute=at.strftime("%H:%M"),
        what=what_of(posting, language),
        about=" · ".join(part for part in about if part),
        came_in=spelled(line.change) if line.change > 0 else "",
        went_out=spelled(-line.change) if line.change < 0 else "",
        held=spelled(line.standing.held),
        balance=spelled(line.standing.balance),
    )


def _date(day: date) -> str:
    return day.strftime("%d.%m.%Y")
