"""
Orders of the authority are carried out: days change, bookings are moved, everybody affected is told (D1, D21).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int | bool]:
    """
    Run once over the orders that have something to do: how many were seen, what was written, and whether more waits.
    """
    ran = wiring.apply_measures()()
    return {"seen": ran.seen, "changed": ran.changed, "more": ran.more}
