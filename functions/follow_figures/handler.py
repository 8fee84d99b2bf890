"""
What is planned follows the figures in force (§29, §34, D16).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int | bool]:
    """
    Look at a bounded part of what waits: how many were seen and retimed, and whether more wait.
    """
    ran = wiring.follow_figures()()
    return {"seen": ran.seen, "changed": ran.changed, "more": ran.more}
