"""
How the double can be made to behave badly: knobs, kept over a restart until they are set anew.
"""

import json
import sqlite3
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field


class _Knobs(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WebhookKnobs(_Knobs):
    """
    What happens to webhooks: each sent `duplicate` times, shuffled, late, not at all while `paused`; the next `lose` tries get lost.
    """

    duplicate: int = Field(default=1, ge=1, le=10)
    shuffle: bool = False
    delay_seconds: float = Field(default=0.0, ge=0, le=86_400)
    paused: bool = False
    lose: int = Field(default=0, ge=0)


class AnswerKnobs(_Knobs):
    """
    What happens to POSTs: each takes `delay_seconds`; the next `refuse_before` get 503 undone; the next `lose_after` are done, unanswered.
    """

    delay_seconds: float = Field(default=0.0, ge=0, le=60)
    refuse_before: int = Field(default=0, ge=0)
    lose_after: int = Field(default=0, ge=0)


Some = TypeVar("Some", bound=_Knobs)


class KnobBoard:
    """
    The knobs by the name of their group.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def webhooks(self) -> WebhookKnobs:
        """
        The webhooks' knobs.
        """
        return self._read("webhooks", WebhookKnobs)

    @property
    def answers(self) -> AnswerKnobs:
        """
        The answers' knobs.
        """
        return self._read("answers", AnswerKnobs)

    def turn(self, knobs: WebhookKnobs | AnswerKnobs) -> None:
        """
        Set a whole group of knobs.
        """
        name = "webhooks" if isinstance(knobs, WebhookKnobs) else "answers"
        self._connection.execute("REPLACE INTO knobs (name, value) VALUES (?, ?)", (name, knobs.model_dump_json()))

    def count_down(self, name: str) -> bool:
        """
        Use up one of `lose`, `refuse_before`, `lose_after`; false when none is left.
        """
        knobs: WebhookKnobs | AnswerKnobs = self.webhooks if name == "lose" else self.answers
        left: int = getattr(knobs, name)
        if left:
            self.turn(knobs.model_copy(update={name: left - 1}))
        return left > 0

    def _read(self, name: str, group: type[Some]) -> Some:
        row = self._connection.execute("SELECT value FROM knobs WHERE name = ?", (name,)).fetchone()
        values: dict[str, Any] = {} if row is None else json.loads(row[0])
        return group(**values)
