"""
What is written on an invoice, in the reader's language and in local time (D32).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from chalicelib.domain.invoices import Invoice, Payee
from chalicelib.jurisdictions import jurisdiction

WORDS: Final = Path(__file__).with_name("words.json")
NARROW: Final = "\u00a0"


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One thing that a payment order asks for: what it is called, what to write.
    """

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Words:
    """
    Every text of the sheet; `stamp` is the document's date, fixed by the invoice; `warning` stands on samples alone.
    """

    language: str
    product: str
    title: str
    dated: str
    warning: str | None
    reference_label: str
    reference: str
    reference_note: str
    sum_label: str
    sum_: str
    until_label: str
    until: str
    about: tuple[Cell, ...]
    order_label: str
    order: tuple[tuple[Cell, ...], ...]
    purpose: Cell
    how: str
    steps: tuple[str, ...]
    law: str
    stamp: datetime


def say(*, invoice: Invoice, payer: str | None, language: str) -> Words:
    """
    Word an invoice.
    """
    text = _texts()[language]
    zone = jurisdiction().zone
    created, expires = invoice.created_at.astimezone(zone), invoice.expires_at.astimezone(zone)
    about = [Cell(text["for_label"], text["for_booking" if invoice.booking else "for_wallet"])]
    return Words(
        language=language,
        product=text["product"],
        title=text["title"],
        dated=text["dated"].format(date=_date(created, text)),
        warning=text["warning"] if invoice.payee.sample else None,
        reference_label=text["reference"],
        reference=invoice.printed,
        reference_note=text["reference_note"],
        sum_label=text["sum"],
        sum_=spell_sum(invoice.amount),
        until_label=text["until"],
        until=_date(expires, text),
        about=(*about, Cell(text["payer"], payer)) if payer else tuple(about),
        order_label=text["order"],
        order=_order(invoice.payee, text),
        purpose=Cell(text["purpose_label"], purpose_of(invoice=invoice, language=language)),
        how=text["how"],
        steps=tuple(text["steps"]),
        law=text["law"],
        stamp=invoice.created_at,
    )


def purpose_of(*, invoice: Invoice, language: str) -> str:
    """
    Spell the purpose of the payment, to be copied into the payment order as it stands.
    """
    return str(_texts()[language]["purpose"]).format(reference=invoice.reference)


def spell_sum(tiyn: int) -> str:
    """
    Write a sum as invoices do, always with tiyn: `90 825,00 ₸`.
    """
    whole, rest = divmod(tiyn, 100)
    return f"{whole:,}".replace(",", NARROW) + f",{rest:02d}{NARROW}₸"


def _order(payee: Payee, text: Mapping[str, Any]) -> tuple[tuple[Cell, ...], ...]:
    names = text["order_cells"]
    return (
        (Cell(names["name"], payee.title), Cell(names["bin"], payee.number)),
        (Cell(names["iik"], payee.iik), Cell(names["kbe"], payee.kbe), Cell(names["knp"], payee.knp)),
        (Cell(names["bank"], payee.bank), Cell(names["bic"], payee.bic)),
    )


def _date(day: datetime, text: Mapping[str, Any]) -> str:
    return str(text["date"]).format(year=day.year, month=text["months"][day.month - 1], day=day.day)


@cache
def _texts() -> Mapping[str, Mapping[str, Any]]:
    texts: dict[str, dict[str, Any]] = json.loads(WORDS.read_text(encoding="utf-8"))
    return texts
