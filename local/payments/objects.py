"""
The objects of one account: kept whole, newest first when listed.
"""

import json
import secrets
import sqlite3
import string
from collections.abc import Mapping, Sequence
from typing import Any

from local.payments.problems import missing

ALPHABET = string.ascii_letters + string.digits
LETTERS = 24
SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
NOTHING: Mapping[str, int] = {}


def new_id(prefix: str) -> str:
    """
    An unguessable id in the provider's manner: `pi_` and 24 letters and digits.
    """
    return f"{prefix}_{''.join(secrets.choice(ALPHABET) for _ in range(LETTERS))}"


class Objects:
    """
    Objects by id. Every method runs inside the caller's transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, body: Mapping[str, Any]) -> None:
        """
        Keep an object, new or changed.
        """
        self._connection.execute(
            "INSERT INTO objects (id, kind, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            (body["id"], body["object"], json.dumps(body, ensure_ascii=False)),
        )

    def find(self, *, kind: str, reference: str) -> dict[str, Any] | None:
        """
        The object, if there is one of this kind.
        """
        row = self._connection.execute("SELECT body FROM objects WHERE id = ? AND kind = ?", (reference, kind)).fetchone()
        return None if row is None else json.loads(row[0])

    def get(self, *, kind: str, reference: str, param: str = "id", in_path: bool = True) -> dict[str, Any]:
        """
        The object; raises StripeError `resource_missing` naming the parameter that pointed at it.
        """
        body = self.find(kind=kind, reference=reference)
        if body is None:
            raise missing(kind, reference, param=param, in_path=in_path)
        return body

    def total(self, *, kind: str, field: str) -> int:
        """
        The sum of a field over all objects of a kind.
        """
        sentence = "SELECT coalesce(sum(json_extract(body, '$.' || ?)), 0) FROM objects WHERE kind = ?"
        return int(self._connection.execute(sentence, (field, kind)).fetchone()[0])

    def page(
        self,
        *,
        kind: str,
        limit: int,
        equal: Mapping[str, Sequence[str]],
        span: Mapping[str, int] = NOTHING,
        after: str | None = None,
        before: str | None = None,
    ) -> tuple[list[dict[str, Any]], bool]:
        """
        Up to `limit` objects whose fields are among the given values, created in the span, newest first, and whether there are more.
        """
        clauses, values = ["kind = ?"], [kind]
        for name, wanted in equal.items():
            clauses.append(f"json_extract(body, '$.' || ?) IN ({', '.join('?' * len(wanted))})")
            values += [name, *wanted]
        for bound, second in span.items():
            clauses.append(f"json_extract(body, '$.created') {SIGNS[bound]} CAST(? AS INTEGER)")
            values.append(str(second))
        for sign, cursor in (("<", after), (">", before)):
            if cursor is not None:
                clauses.append(f"sequence {sign} (SELECT sequence FROM objects WHERE id = ?)")  # noqa: S608 - a sign, no value
                values.append(cursor)
        order = "ASC" if before is not None else "DESC"
        sentence = f"SELECT body FROM objects WHERE {' AND '.join(clauses)} ORDER BY sequence {order} LIMIT {limit + 1}"  # noqa: S608 - no values
        found = [json.loads(row[0]) for row in self._connection.execute(sentence, values)]
        page = found[:limit]
        return (page[::-1] if before is not None else page), len(found) > limit
