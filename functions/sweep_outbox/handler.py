"""
Whatever must follow a commit and was not yet delivered is delivered now.
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int]:
    """
    Sweep once: how many messages were delivered, failed, parked.
    """
    swept = wiring.deliver_outbox()()
    return {"delivered": swept.delivered, "failed": swept.failed, "parked": swept.parked}
