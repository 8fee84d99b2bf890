"""
The lanes of a site as every component's configuration lists them.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.contracts.passages import LaneKind


def parse_lanes(listed: Any) -> Mapping[str, LaneKind]:
    """
    Read a list of `{id, kind}`, in the order of the site. `ValueError`, `KeyError` or `TypeError` for anything else.
    """
    lanes = {str(lane["id"]): LaneKind(lane["kind"]) for lane in listed}
    if not lanes:
        raise ValueError("no lanes")
    return lanes
