"""
What really crossed in the last days is counted beside the capacity that was set (D1).
"""

from typing import Any

from chalicelib import wiring


def handler(event: Any, _context: Any) -> dict[str, int]:
    """
    Count at the checkpoints named in `event["checkpoints"]`, or at all: how many days' counts changed.
    """
    named = (event or {}).get("checkpoints") or list(wiring.law().checkpoints)
    return {"changed": sum(wiring.count_crossings()(checkpoint=checkpoint) for checkpoint in named)}
