"""
Bookings that stand still and whose moment has come: a debt unpaid at the call, a block nobody complained of, a choice nobody made (D21, D22, D28).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int | bool]:
    """
    Run once over what is due: how many bookings were seen and changed, and whether more wait.
    """
    ran = wiring.lapse_due()
    return {"seen": ran.seen, "changed": ran.changed, "more": ran.more}
