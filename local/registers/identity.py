"""
The identity provider of one machine: sessions kept over restarts, and a page that plays the camera.
"""

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from local.registers.modes import Modes

PATH: Final = "/identity/"
SOURCE: Final = "12"
PAGE: Final = """<!doctype html>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Identity</title>
<main style="font:1.2rem system-ui;max-width:30rem;margin:4rem auto">
<h1>Look into the camera</h1>
<p>This page stands in for the identity provider on one machine. The outcome is as source 12 is steered.</p>
<button style="font:inherit;padding:.6rem 1.2rem">Done</button> <output></output>
</main>
<script>
document.querySelector("button").onclick = async () => {
  const reply = await fetch(location.href, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
  document.querySelector("output").textContent = (await reply.json()).status;
};
</script>
"""


class IdentitySessions:
    """
    Who was sent to the camera and what became of it; `page` is where pages are served.
    """

    def __init__(self, connection: sqlite3.Connection, modes: Modes, *, page: str) -> None:
        self._connection = connection
        self._modes = modes
        self._page = page

    def open(self, session: str, person: Mapping[str, Any]) -> dict[str, str]:
        """
        Open a session, or the same again.
        """
        kind, value = next(((str(kind), str(value)) for kind, value in person.items()), ("", ""))
        self._connection.execute(
            "INSERT OR IGNORE INTO identities (session, kind, value, status) VALUES (?, ?, ?, 'pending')", (session, kind, value)
        )
        return {"url": f"{self._page}{PATH}{session}"}

    def status(self, session: str) -> dict[str, str] | None:
        """
        Tell what became of a session, or none.
        """
        row = self._connection.execute("SELECT status FROM identities WHERE session = ?", (session,)).fetchone()
        return None if row is None else {"status": row[0]}

    def complete(self, session: str) -> dict[str, str] | None:
        """
        Let the camera see the person: the face is the document's unless source 12 is steered to fail for him.
        """
        row = self._connection.execute("SELECT kind, value FROM identities WHERE session = ?", (session,)).fetchone()
        if row is None:
            return None
        failed = self._modes.of(SOURCE, {row[0]: row[1]}).mode == "fail"
        status = "failed" if failed else "completed"
        self._connection.execute("UPDATE identities SET status = ? WHERE session = ? AND status = 'pending'", (status, session))
        return self.status(session)
