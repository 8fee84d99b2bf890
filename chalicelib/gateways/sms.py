"""
Text messages through an SMS center's REST service.
"""

from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from chalicelib.usecases.ports import NobodyThereError, NotTakenError

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS: Final = 5.0
TAKEN: Final = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED})
BUSY: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
"""Answers about us and not about the message, which stays good: a key that ran out, too many at once."""


class UnableToSendError(NotTakenError):
    """
    The center refuses the message: say so without the number or the text.
    """


class CenterAwayError(NobodyThereError):
    """
    The center does not answer, or is busy: try again later.
    """


class MessageCenter:
    """
    A REST service that takes messages: `POST {base_url}/messages` with our id, so that a repeated one is sent once.
    """

    def __init__(self, *, base_url: str, channel: str, token: str | None = None) -> None:
        self._base_url = base_url.rstrip("/")
        self.channel = channel
        self._token = token

    @cached_property
    def _client(self) -> "httpx.Client":
        import httpx  # noqa: PLC0415 - loads with the first message, not with the handler

        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        return httpx.Client(base_url=self._base_url, headers=headers, timeout=TIMEOUT_SECONDS, follow_redirects=False)

    def post(self, *, to: str, text: str, message_id: str) -> None:
        """
        Hand a message over. Raises `UnableToSendError`, `CenterAwayError`.
        """
        import httpx  # noqa: PLC0415 - loads with the first message, not with the handler

        try:
            answer = self._client.post("/messages", json={"id": message_id, "channel": self.channel, "to": to, "text": text})
        except httpx.HTTPError as error:
            raise CenterAwayError(f"{self.channel}: {type(error).__name__}") from None
        if answer.status_code in BUSY or answer.is_server_error:
            raise CenterAwayError(f"{self.channel}: status {answer.status_code}")
        if answer.status_code not in TAKEN:
            raise UnableToSendError(f"{self.channel}: status {answer.status_code}")


class SmsCenter:
    """
    The `Messenger` port for SMS, or for a messenger that knows people by number: `to` is in international form (§15).
    """

    def __init__(self, *, base_url: str, channel: str = "sms", token: str | None = None) -> None:
        self._center = MessageCenter(base_url=base_url, channel=channel, token=token)

    def send(self, *, to: str, text: str, message_id: str) -> None:
        """
        Send a text once per `message_id`. Raises `UnableToSendError`, `CenterAwayError`.
        """
        self._center.post(to=to, text=text, message_id=message_id)
