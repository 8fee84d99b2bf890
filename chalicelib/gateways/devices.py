"""
The cloud's end of a gateway's topics and shadow, over AWS IoT Core's data plane.
"""

import json
from datetime import datetime
from typing import Any

from chalicelib.contracts import messages, topics
from chalicelib.contracts.admissions import AdmissionsPart, in_parts
from chalicelib.contracts.boards import BoardView
from chalicelib.contracts.commands import Command
from chalicelib.contracts.passages import Acknowledgement, PhotoGranted


class IotDeviceLink:
    """
    Publishes at quality of service 1; a device that is away asks again when it is back.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def publish_admissions(self, *, checkpoint: str, version: int, text: str, token: str) -> None:
        """
        Send the list in parts of ≤ 90,000 characters, then lay version and manifest into the shadow for whoever missed them.
        """
        thing = topics.thing(checkpoint)
        slices = in_parts(text)
        for index, piece in enumerate(slices):
            self._publish(topics.admissions(thing), AdmissionsPart(version, index, len(slices), piece, token))
        desired = {"state": {"desired": {"admissions": {"version": version, "token": token}}}}
        self._client.update_thing_shadow(thingName=thing, shadowName=topics.SHADOW_NAME, payload=json.dumps(desired))

    def publish_board(self, view: BoardView) -> None:
        """
        Send a board to its site.
        """
        self._publish(topics.board(topics.thing(view.checkpoint)), view)

    def publish_command(self, *, checkpoint: str, command: Command) -> None:
        """
        Send an officer's command.
        """
        self._publish(topics.commands(topics.thing(checkpoint)), command)

    def acknowledge(self, *, checkpoint: str, journal: str, upto: int) -> None:
        """
        Tell a gateway what is committed.
        """
        self._publish(topics.acknowledgement(topics.thing(checkpoint)), Acknowledgement(journal, upto))

    def grant_photo(self, *, checkpoint: str, sha256: str, url: str | None, expires_at: datetime) -> None:
        """
        Tell a gateway where a photograph may be put.
        """
        self._publish(topics.photo_granted(topics.thing(checkpoint)), PhotoGranted(sha256, expires_at, url))

    def _publish(self, topic: str, message: Any) -> None:
        self._client.publish(topic=topic, qos=1, payload=messages.to_json(message).encode())
