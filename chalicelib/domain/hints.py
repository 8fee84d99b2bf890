"""
Words in the purpose of a payment by which the registrar knows his own things: the provider's payouts, orders to the budget.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

PAYOUT: Final = re.compile(r"\bpo_[A-Za-z0-9]{6,60}\b")
ORDER: Final = re.compile(r"\b20[0-9]{6}-[A-Za-z0-9-]{1,12}\b")


def hints_in(text: str) -> Sequence[str]:
    """
    Find the ids of payouts (`po_…`) and the numbers of orders (`20261203-…`) in a text, each once.
    """
    return list(dict.fromkeys([*PAYOUT.findall(text), *ORDER.findall(text)]))


def payouts(hints: Sequence[str]) -> Sequence[str]:
    """
    Pick the payouts out of hints.
    """
    return [hint for hint in hints if PAYOUT.fullmatch(hint)]


def orders(hints: Iterable[str]) -> Sequence[str]:
    """
    Pick the numbers of orders to the budget out of hints.
    """
    return [hint for hint in hints if order_of(hint) is not None]


def order_of(number: str) -> tuple[date, str] | None:
    """
    Read an order's number: the settled day and the region whose budget is paid.
    """
    if ORDER.fullmatch(number) is None:
        return None
    try:
        return date(int(number[:4]), int(number[4:6]), int(number[6:8])), number[9:]
    except ValueError:
        return None
