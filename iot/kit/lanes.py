"""
The lanes of a site as every component's configuration lists them.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.contracts.passages import LaneKind


def parse_lanes(listed: Any) -> Mapping[str, LaneKind]:
    """
    Read a list of `{id, kind}`, or an object of kinds by id (deployments merge objects and replace lists), in the order of the site.

    `ValueError`, `KeyError` or `TypeError` for anything else.
    """
    pairs = listed.items() if isinstance(listed, Mapping) else ((lane["id"], lane["kind"]) for lane in listed)
    lanes = {str(lane): LaneKind(kind) for lane, kind in pairs}
    if not lanes:
        raise ValueError("no lanes")
    return lanes
