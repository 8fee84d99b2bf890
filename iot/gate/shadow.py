"""
The gate's named shadow over plain MQTT topics: not every open nucleus has shadow operations, all have publish and subscribe.
"""

import json
from typing import Any, Final

from chalicelib.contracts.topics import SHADOW_NAME

LISTENED: Final = ("get/accepted", "update/delta")


def shadow(thing: str, verb: str) -> str:
    """
    Name a topic of the shadow (AWS IoT, "Device Shadow MQTT topics").
    """
    return f"$aws/things/{thing}/shadow/name/{SHADOW_NAME}/{verb}"


def desired_token(payload: bytes) -> str | None:
    """
    Find `admissions.token` in a `get/accepted` (`state.desired`) or `update/delta` (`state`) document; none when it holds none.
    """
    try:
        document: Any = json.loads(payload)
        state = document["state"]
        token = state.get("desired", state)["admissions"]["token"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return token if isinstance(token, str) else None
