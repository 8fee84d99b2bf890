import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Message(BaseModel):
    """
    `POST /messages`: a text to a phone number or a push token, under the sender's id.
    """

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=200)
    channel: Literal["sms", "messenger", "push"]
    to: str = Field(min_length=1, max_length=500)
    text: str = Field(min_length=1, max_length=2000)


class Outbox:
    """
    Texts that would have been sent, newest first, kept over restarts; `now` is business time.
    """

    def __init__(self, connection: sqlite3.Connection, now: Callable[[], datetime]) -> None:
        self._connection = connection
        self._now = now

    def take(self, message: Message) -> bool:
        """
        Keep a text; a repeated id of the same channel is kept once. Tells whether it was new.
        """
        cursor = self._connection.execute(
            "INSERT OR IGNORE INTO messages (channel, id, recipient, text, at) VALUES (?, ?, ?, ?, ?)",
            (message.channel, message.id, message.to, message.text, self._now().isoformat(timespec="milliseconds")),
        )
        return cursor.rowcount == 1

    def newest(self, *, to: str | None, limit: int) -> Sequence[dict[str, Any]]:
        """
        List what was sent, to somebody or to anybody.
        """
        rows = self._connection.execute(
            "SELECT recipient, channel, text, at FROM messages WHERE ?1 IS NULL OR recipient = ?1 ORDER BY sequence DESC LIMIT ?2",
            (to, limit),
        )
        return [dict(zip(("to", "channel", "text", "at"), row, strict=True)) for row in rows]
