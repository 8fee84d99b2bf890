"""
A message from a gateway reaches the use case of its topic; what cannot be read is parked by the queue after its tries.
"""

from dataclasses import dataclass

from chalicelib.contracts import messages, topics
from chalicelib.contracts.admissions import AdmissionsWanted
from chalicelib.contracts.passages import Heartbeat, JournalBatch, PhotoWanted
from chalicelib.usecases.keep_photos import KeepPhotos
from chalicelib.usecases.publish_admissions import PublishAdmissions
from chalicelib.usecases.receive_journal import ReceiveJournal


class UnknownTopicError(ValueError):
    """
    No gateway of ours publishes on this topic.
    """


@dataclass(frozen=True, slots=True)
class ReceiveUplink:
    """
    The one entrance for all that gateways say. IoT Core's policy made sure that a thing speaks on its own topics only.
    """

    journal: ReceiveJournal
    admissions: PublishAdmissions
    photos: KeepPhotos

    def __call__(self, *, topic: str, payload: str) -> None:
        """
        Take one message in. Raises `UnknownTopicError`, `UnableToParseError`, `StoreBusyError`.
        """
        parts = topic.split("/")
        thing = parts[1] if len(parts) == len(topics.journal("x").split("/")) else ""
        checkpoint = topics.checkpoint_of(thing)
        if topic == topics.journal(thing):
            self.journal.batch(checkpoint=checkpoint, batch=messages.from_json(JournalBatch, payload))
        elif topic == topics.heartbeat(thing):
            self.journal.heartbeat(checkpoint=checkpoint, heartbeat=messages.from_json(Heartbeat, payload))
        elif topic == topics.admissions_wanted(thing):
            messages.from_json(AdmissionsWanted, payload)
            self.admissions(checkpoint=checkpoint)
        elif topic == topics.photo_wanted(thing):
            self.photos.grant(checkpoint=checkpoint, wanted=messages.from_json(PhotoWanted, payload))
        else:
            raise UnknownTopicError(topic)
