"""
Push notices through a push service's REST door.
"""

from chalicelib.gateways.sms import MessageCenter


class PushService:
    """
    The `Messenger` port for push: `to` is a device's push token.
    """

    def __init__(self, *, base_url: str, token: str | None = None) -> None:
        self._center = MessageCenter(base_url=base_url, channel="push", token=token)

    def send(self, *, to: str, text: str, message_id: str) -> None:
        """
        Send a notice once per `message_id`. Raises `UnableToSendError`, `CenterAwayError`.
        """
        self._center.post(to=to, text=text, message_id=message_id)
