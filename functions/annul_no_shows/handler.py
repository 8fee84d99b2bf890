"""
No-shows are annulled once their gateway has reported past the moment (§35, D18).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int | bool]:
    """
    Run once over what is due: how many bookings were seen and changed, and whether more wait.
    """
    ran = wiring.annul_due()
    return {"seen": ran.seen, "changed": ran.changed, "more": ran.more}
