"""
Vehicles are called in queue order at their lead time (§34, D16).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int | bool]:
    """
    Run once over what is due: how many bookings were seen and changed, and whether more wait.
    """
    ran = wiring.call_due()
    return {"seen": ran.seen, "changed": ran.changed, "more": ran.more}
