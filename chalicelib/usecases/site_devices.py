"""
A site's devices as its gateway last told of them (§7, §13).
"""

import json
from collections.abc import Sequence

from chalicelib.contracts import messages
from chalicelib.contracts.passages import DeviceHealth
from chalicelib.domain.records import GatewayState


def devices_of(gateway: GatewayState) -> Sequence[DeviceHealth]:
    """
    Read them.
    """
    return [messages.from_document(DeviceHealth, item) for item in json.loads(gateway.devices)]
