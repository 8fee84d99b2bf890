"""
Every night the payment provider is compared with the ledger, both ways (§24, D30).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int | bool]:
    """
    Go on where the last run stopped: what was compared, what was newly found to differ or has cleared, and whether more is left.
    """
    done = wiring.reconcile_provider()
    return {
        "movements": done.movements,
        "postings": done.postings,
        "found": done.found,
        "changed": done.found + done.cleared,
        "more": done.more,
    }
