"""
Vehicles whose drivers said that they are ready are called early where the gate has room (§31, D17).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int | bool]:
    """
    Run once over the checkpoints where somebody is ready: how many bookings wait, how many were called, and whether more wait.
    """
    ran = wiring.early_due()
    return {"seen": ran.seen, "changed": ran.changed, "more": ran.more}
