"""
Personal data that nobody needs any more are forgotten (D31).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int | bool]:
    """
    Look at a bounded number of people: how many were seen and forgotten, and whether more wait.
    """
    ran = wiring.forget_people()()
    return {"seen": ran.seen, "changed": ran.changed, "more": ran.more}
