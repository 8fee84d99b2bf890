"""
Every morning the bank's statements are compared with the ledger (§23, §24, D30).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int]:
    """
    Compare once: what was newly found to differ for longer than is usual, what has cleared, and how much stands.
    """
    done = wiring.watch_bank()
    return {"found": done.found, "cleared": done.cleared, "standing": done.standing, "changed": done.found + done.cleared}
