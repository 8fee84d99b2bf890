"""
Holds and applications that ran out are written down and told (D11, D32).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int | bool]:
    """
    Run once over what is due: how many bookings were seen and changed, and whether more wait.
    """
    ran = wiring.tidy_due()
    return {"seen": ran.seen, "changed": ran.changed, "more": ran.more}
