"""
What the gate saw itself, kept over restarts and new lists; and the barrier openings that are ordered but not yet seen through.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.contracts.admissions import Admission
from chalicelib.contracts.messages import from_json, to_json
from iot.gate.admissions_store import AdmissionsList
from iot.gate.roll import Expected, Fact, Mark, Roll
from iot.kit.database import Database

KEPT: Final = timedelta(days=30)

SCHEMA: Final = (
    """
    CREATE TABLE IF NOT EXISTS marks (
        booking TEXT, number TEXT, fact TEXT, at TEXT NOT NULL, spent INTEGER NOT NULL, admission TEXT NOT NULL,
        PRIMARY KEY (booking, number, fact)
    )
    """,
    "CREATE TABLE IF NOT EXISTS openings (cause TEXT PRIMARY KEY, lane TEXT NOT NULL, ordered REAL NOT NULL, booking TEXT, number TEXT, fact TEXT)",
)


@dataclass(frozen=True, slots=True)
class Opening:
    """
    An order to open a lane's barrier, committed before it moves; `ordered` is wall seconds.
    """

    cause: str
    lane: str
    ordered: float


class Marks:
    """
    Facts by booking and number: a rescheduled booking (another number) starts anew, everything else only adds up.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def put(self, *, booking: Expected, fact: Fact, at: datetime) -> None:
        """
        Remember a fact; the first time counts. What goes through a barrier is not spent until that has been open.
        """
        word = booking.admission
        spent = fact not in {Fact.ADMITTED, Fact.CROSSED}
        row = (word.booking, word.number, fact.value, at.isoformat(), spent, to_json(word))
        with self._database.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO marks VALUES (?, ?, ?, ?, ?, ?)", row)

    def order(self, opening: Opening, *, booking: Expected | None = None, fact: Fact | None = None) -> None:
        """
        Remember that a barrier is to open, and whose passage that spends.
        """
        word = booking.admission if booking else None
        row = (opening.cause, opening.lane, opening.ordered, word and word.booking, word and word.number, fact and fact.value)
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO openings VALUES (?, ?, ?, ?, ?, ?)", row)

    def opened(self, *, lane: str) -> None:
        """
        The lane's barrier has been open: every passage ordered there is spent.
        """
        with self._database.transaction() as connection:
            connection.execute(
                """
                UPDATE marks SET spent = 1 WHERE EXISTS (SELECT 1 FROM openings o WHERE o.lane = ? AND o.booking = marks.booking
                AND o.number = marks.number AND o.fact = marks.fact)
                """,
                (lane,),
            )
            connection.execute("DELETE FROM openings WHERE lane = ?", (lane,))

    def unfinished(self, *, lane: str) -> Opening | None:
        """
        The latest opening ordered at a lane and not seen through.
        """
        with self._database.reading() as connection:
            row = connection.execute("SELECT cause, lane, ordered FROM openings WHERE lane = ? ORDER BY ordered DESC", (lane,)).fetchone()
        return Opening(cause=row["cause"], lane=row["lane"], ordered=row["ordered"]) if row else None

    def abandon(self, *, lane: str) -> None:
        """
        Give up openings too old to be carried out; their passages stay unspent, the next frame opens again.
        """
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM openings WHERE lane = ?", (lane,))

    def forget(self, *, now: datetime) -> None:
        """
        Drop marks that nobody can ask about any more.
        """
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM marks WHERE unixepoch(at) < ?", (int((now - KEPT).timestamp()),))

    def roll(self, current: AdmissionsList) -> Roll:
        """
        Join a list with the marks. Whom the gate admitted stays expected (at the exit) though the list names it no more.
        """
        marks: dict[tuple[str, str], list[Mark]] = defaultdict(list)
        snapshots: dict[tuple[str, str], str] = {}
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM marks").fetchall()
        for row in rows:
            key = (row["booking"], row["number"])
            marks[key].append(Mark(fact=Fact(row["fact"]), at=datetime.fromisoformat(row["at"]), spent=bool(row["spent"])))
            if row["fact"] == Fact.ADMITTED:
                snapshots[key] = row["admission"]
        expected = [Expected(one, tuple(marks.get((one.booking, one.number), ()))) for one in current.admissions]
        for one in current.admissions:
            snapshots.pop((one.booking, one.number), None)
        expected += [Expected(from_json(Admission, text), tuple(marks[key])) for key, text in snapshots.items()]
        return Roll(version=current.version, valid_until=current.valid_until, expected=tuple(expected))
