"""
Morning and afternoon: money that is not on its way to the budget in time is named (§24, D29).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, Any]:
    """
    Look once: the days that are late or cannot be paid in time, regions without bank details, what is to be advanced (tiyn).
    """
    found = wiring.watch_settlements()
    return {
        "late": [str(day) for day in found.late],
        "unpayable": [str(day) for day in found.unpayable],
        "unconfigured": list(found.unconfigured),
        "shortfall": found.shortfall,
    }
