"""
Every morning: for how long are the fees still known (§25, D27).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int | bool]:
    """
    Count the days, and ring where they are few.
    """
    watched = wiring.watch_fees()
    return {"days": watched.days, "ringing": watched.ringing}
