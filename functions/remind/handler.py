"""
The notice of arrival, 24 hours before (§29).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int | bool]:
    """
    Run once over what is due: how many bookings were seen and changed, and whether more wait.
    """
    ran = wiring.remind_due()
    return {"seen": ran.seen, "changed": ran.changed, "more": ran.more}
