"""
What gateways reported is counted into each checkpoint's flow, and earlier forecasts are judged by it (§31, §34).
"""

from typing import Any

from chalicelib import wiring


def handler(_event: Any, _context: Any) -> dict[str, int]:
    """
    Count on at every checkpoint whose gateway has reported: how many had news.
    """
    known = [state.checkpoint for state in wiring.store().passages.gateways()]
    return {"changed": sum(wiring.show_flow().keep(checkpoint=checkpoint) for checkpoint in known)}
