"""
The horizon gets its next day (§22, D3): every checkpoint's missing plans.
"""

from typing import Any

from chalicelib import wiring


def handler(event: Any, _context: Any) -> dict[str, int]:
    """
    Open days at the checkpoints named in `event["checkpoints"]`, or at all: how many plans were written.
    """
    named = (event or {}).get("checkpoints") or list(wiring.law().checkpoints)
    return {"opened": sum(wiring.open_days()(checkpoint=checkpoint) for checkpoint in named)}
