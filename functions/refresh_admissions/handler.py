"""
Lists of admissions are signed anew before they grow old, and roll on with the 72-hour horizon (D23).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int]:
    """
    Publish the list and the board of every gateway known: how many.
    """
    known = [state.checkpoint for state in wiring.store().passages.gateways()]
    for checkpoint in known:
        wiring.publish_admissions()(checkpoint=checkpoint)
        wiring.show_board().publish(checkpoint=checkpoint)
    return {"published": len(known)}
