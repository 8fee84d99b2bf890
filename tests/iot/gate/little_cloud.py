"""
The least cloud that a gateway can live with: stores its journal, acknowledges it, hands out its list.
"""

import json
import threading

from chalicelib.contracts import topics
from chalicelib.contracts.messages import from_document, to_json
from chalicelib.contracts.passages import Acknowledgement, JournalBatch
from local.ministack import account


class LittleCloud:
    """
    Polls the uplink queue of a MiniStack in a thread; `acknowledging` false makes it store without a word.
    """

    def __init__(self, *, endpoint, queue_url, thing):
        self.entries = {}
        self.journals = set()
        self.heartbeats = []
        self.acknowledging = True
        self.parts = []
        self._thing = thing
        self._queue_url = queue_url
        self._queue = account.client("sqs", endpoint=endpoint)
        self._publisher = account.client("iot-data", endpoint=endpoint)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self):
        """
        Start listening.
        """
        self._thread.start()

    def stop(self):
        """
        Stop listening.
        """
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(15)

    def send(self, topic, message):
        """
        Publish to the gateway.
        """
        self._publisher.publish(topic=topic, qos=1, payload=to_json(message).encode())

    def offer(self, parts):
        """
        Publish a list now, and again to whoever asks.
        """
        self.parts = parts
        for part in parts:
            self.send(topics.admissions(self._thing), part)

    def passages(self):
        """
        The decisions stored, in order.
        """
        return [entry.decision for _, entry in sorted(self.entries.items()) if entry.decision]

    def _run(self):
        while not self._stopped.is_set():
            answer = self._queue.receive_message(QueueUrl=self._queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                self._handle(json.loads(message["Body"]))
                self._queue.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])

    def _handle(self, envelope):
        kind = envelope["topic"].rsplit("/", 1)[1]
        payload = envelope["payload"]
        if kind == "journal":
            self._store(from_document(JournalBatch, payload))
        elif kind == "heartbeat":
            self.heartbeats.append(payload)
        elif kind == "admissions-wanted" and self.parts and payload["have"] < self.parts[0].version:
            self.offer(self.parts)

    def _store(self, batch):
        self.journals.add(batch.journal)
        for entry in batch.entries:
            known = self.entries.setdefault(entry.sequence, entry)
            assert known == entry, "a journal is never renumbered"
        upto = next(number for number in range(1, len(self.entries) + 2) if number not in self.entries) - 1
        if self.acknowledging and upto:
            self.send(topics.acknowledgement(self._thing), Acknowledgement(journal=batch.journal, upto=upto))
