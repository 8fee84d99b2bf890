"""
Closed days are settled, once and forever (§24, D29).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, list[str]]:
    """
    Settle what is closed: the days settled now.
    """
    return {"settled": [str(day) for day in wiring.settle_days()()]}
