"""
What gateways say, taken from the local cloud's queue to the handler that Lambda would run.
"""

import threading
import time
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import observability
from functions.receive_uplink.handler import handler
from local.ministack import account
from local.ministack.uplink import QUEUE

WAIT_S: Final = 1
BACK_OFF_S: Final = 0.5


class Uplink:
    """
    A thread that polls the queue; deleted is only what was taken in.
    """

    def __init__(self, *, endpoint: str) -> None:
        self._endpoint = endpoint
        self._client: Any = None
        self._url = ""

    def start(self) -> None:
        """
        Poll until the process ends.
        """
        threading.Thread(target=self._run, name="uplink", daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                self._poll()
            except (BotoCoreError, ClientError):
                self._client = None  # the local cloud is away or has forgotten the queue: it will be provisioned again
                time.sleep(BACK_OFF_S)
            except Exception as error:  # whatever an engine answers while it dies: gateways must be heard again when it is back
                observability.fault(error)
                self._client = None
                time.sleep(BACK_OFF_S)

    def _poll(self) -> None:
        if self._client is None:
            self._client = account.client("sqs", endpoint=self._endpoint)
            self._url = self._client.get_queue_url(QueueName=QUEUE)["QueueUrl"]
        found = self._client.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10, WaitTimeSeconds=WAIT_S).get("Messages", [])
        if not found:
            return
        records = [{"messageId": item["MessageId"], "body": item["Body"]} for item in found]
        failed = {item["itemIdentifier"] for item in handler({"Records": records}, None)["batchItemFailures"]}
        done = [
            {"Id": str(index), "ReceiptHandle": item["ReceiptHandle"]}
            for index, item in enumerate(found)
            if item["MessageId"] not in failed
        ]
        if done:
            self._client.delete_message_batch(QueueUrl=self._url, Entries=done)
