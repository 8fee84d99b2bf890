"""
Who was admitted and not seen to leave is asked for at the state register (§18.17-2, §28, D19).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int | bool]:
    """
    Run once over what is due: how many bookings were seen and changed, and whether more wait.
    """
    ran = wiring.crossing_due()
    return {"seen": ran.seen, "changed": ran.changed, "more": ran.more}
