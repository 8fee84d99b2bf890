"""
Registers are asked again before a trip, and after it (D11, §18.18).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int | bool]:
    """
    Run once over what is due: how many bookings were seen and changed, and whether more wait.
    """
    ran = wiring.recheck_due()
    return {"seen": ran.seen, "changed": ran.changed, "more": ran.more}
