"""
Every morning: the head is reminded of complaints whose term ends, and alarmed of those overdue (§6-2).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int | bool]:
    """
    Run once over the complaints that wait: how many were seen, told of and overdue, and whether more wait.
    """
    told = wiring.remind_complaints()
    return {"seen": told.seen, "changed": told.changed, "overdue": told.overdue, "more": told.more}
