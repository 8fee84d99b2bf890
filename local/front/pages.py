"""
The built web application: its files, and its entry page for the addresses that it routes itself.
"""

import mimetypes
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Final

from chalicelib.domain.decisions import Code
from local.front.http import HttpReply, HttpRequest, problem_reply

ROUTED: Final = frozenset({"", "board", "d", "officer", "pay", "cabinet", "sign-in"})
"""First segments of the addresses that the application routes itself."""
HASHED: Final = "assets"
"""The folder whose file names change with their contents."""
POLICY: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' http://127.0.0.1:*; "
    "img-src 'self' data: blob: http://127.0.0.1:*; frame-ancestors 'none'; base-uri 'none'"
)
"""Photographs come from the object store's own port."""
PAYING: Final = f"{POLICY}; script-src 'self' http://127.0.0.1:*"
"""A payer's page also runs the provider's script."""
UNBUILT: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>The open electronic queue</title>
<style>body{font:18px/1.6 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}</style>
<h1>The open electronic queue</h1><p>The service is up; its pages are not built yet (<code>make web</code>).</p>
<p><a href="/docs">The API, to read</a> · <a href="/local/info">This machine</a></p></html>"""


@dataclass(frozen=True, slots=True)
class Pages:
    """
    A folder of built pages; none where it has not been built.
    """

    root: Path | None

    def serve(self, request: HttpRequest) -> HttpReply:
        """
        Answer a GET: a file by its name, an entry page for what the application routes, 404 for the rest.
        """
        if request.method not in ("GET", "HEAD"):
            return problem_reply(Code.METHOD_NOT_ALLOWED, language=request.language, headers=(("Allow", "GET, HEAD"),))
        segments = request.path.strip("/").split("/")
        found = self._file(segments) or (self._entry(segments[0]) if segments[0] in ROUTED else None)
        if found is not None:
            policy = PAYING if segments[0] == "pay" else POLICY
            return _file_reply(found, request.header("if-none-match"), lasting=segments[0] == HASHED, policy=policy)
        if segments == [""]:
            return HttpReply(200, (("Content-Type", "text/html; charset=utf-8"),), UNBUILT.encode())
        return problem_reply(Code.NOT_FOUND, language=request.language)

    def knows(self, request: HttpRequest) -> bool:
        """
        Tell whether an address is one of the pages'.
        """
        segments = request.path.strip("/").split("/")
        return segments[0] in ROUTED or self._file(segments) is not None

    def _file(self, segments: list[str]) -> Path | None:
        if self.root is None or segments == [""] or any(part in ("", ".", "..") or "\0" in part or "\\" in part for part in segments):
            return None
        wanted = self.root.joinpath(*segments).resolve()
        return wanted if wanted.is_relative_to(self.root.resolve()) and wanted.is_file() else None

    def _entry(self, first: str) -> Path | None:
        if self.root is None:
            return None
        names = (f"{first}/index.html", f"{first}.html", "index.html") if first else ("index.html",)
        return next((self.root / name for name in names if (self.root / name).is_file()), None)


def _file_reply(path: Path, asked: str | None, *, lasting: bool, policy: str) -> HttpReply:
    facts = path.stat()
    tag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    cache = "public, max-age=31536000, immutable" if lasting else "no-cache"
    headers = (("ETag", tag), ("Cache-Control", cache))
    if asked is not None and tag in asked:
        return HttpReply(304, headers)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    charset = "; charset=utf-8" if kind.startswith("text/") or kind.endswith(("javascript", "json")) else ""
    security = (("Content-Security-Policy", policy), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"))
    typed = (("Content-Type", kind + charset), ("Last-Modified", formatdate(facts.st_mtime, usegmt=True)))
    return HttpReply(200, (*headers, *typed, *security), path.read_bytes())
