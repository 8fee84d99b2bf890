"""
Webhooks still to be delivered: written with the change they tell of, gone over until somebody took them.
"""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    One copy of an event on its way; `tries` so far.
    """

    number: int
    event: str
    tries: int


class Deliveries:
    """
    The queue of deliveries. Moments are seconds of the wall clock.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, *, event: str, due: float) -> None:
        """
        Queue one copy of an event.
        """
        self._connection.execute("INSERT INTO deliveries (event, due) VALUES (?, ?)", (event, due))

    def ready(self, *, now: float, limit: int, under_way: Collection[int], shuffled: bool) -> list[Delivery]:
        """
        Up to `limit` deliveries that are due and not under way, oldest event first unless shuffled.
        """
        order = "random()" if shuffled else "number"
        sentence = f"SELECT number, event, tries FROM deliveries WHERE done = 0 AND due <= ? ORDER BY {order} LIMIT ?"  # noqa: S608 - two constants
        rows = [Delivery(*row) for row in self._connection.execute(sentence, (now, limit + len(under_way)))]
        return [delivery for delivery in rows if delivery.number not in under_way][:limit]

    def next_due(self) -> float | None:
        """
        When the next one is due.
        """
        row = self._connection.execute("SELECT min(due) FROM deliveries WHERE done = 0").fetchone()
        due: float | None = row[0]
        return due

    def took(self, number: int) -> None:
        """
        Settle a delivery that was answered with 2xx.
        """
        self._connection.execute("UPDATE deliveries SET done = 1, tries = tries + 1, outcome = 'delivered' WHERE number = ?", (number,))

    def failed(self, number: int, *, outcome: str, due: float, over: bool) -> None:
        """
        Put a delivery off, or give it up for good when it is `over`.
        """
        sentence = "UPDATE deliveries SET tries = tries + 1, outcome = ?, due = ?, done = ? WHERE number = ?"
        self._connection.execute(sentence, (outcome, due, int(over), number))

    def pending(self) -> int:
        """
        How many are not settled.
        """
        row = self._connection.execute("SELECT count(*) FROM deliveries WHERE done = 0").fetchone()
        return int(row[0])

    def tally(self) -> dict[str, int]:
        """
        How many are pending, delivered, given up.
        """
        sentence = "SELECT CASE WHEN done = 0 THEN 'pending' WHEN outcome = 'delivered' THEN 'delivered' ELSE 'given_up' END, count(*) FROM deliveries GROUP BY 1"
        return {"pending": 0, "delivered": 0, "given_up": 0} | dict(self._connection.execute(sentence).fetchall())
