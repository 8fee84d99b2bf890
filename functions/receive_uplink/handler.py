"""
What gateways said, from the queue behind IoT Core's rules (SQS event source with partial batch responses).
"""

import json
from typing import Any

from chalicelib import observability, wiring


def handler(event: Any, _context: Any) -> dict[str, list[dict[str, str]]]:
    """
    Take each record in; those that failed come again, and at last reach the dead-letter queue.
    """
    failed: list[dict[str, str]] = []
    for record in event["Records"]:
        try:
            body = json.loads(record["body"])
            wiring.receive_uplink()(topic=body["topic"], payload=json.dumps(body["payload"]))
        except Exception as error:  # one poison record must not keep the others back
            observability.fault(error, message_id=record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
