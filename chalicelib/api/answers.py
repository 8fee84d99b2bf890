"""
What a handler may answer with, and how it leaves: JSON from models, files, 304 for what has not changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from chalice.app import Response
from pydantic import BaseModel

JSON: Final = "application/json"
NO_CONTENT: Final = 204
NOT_MODIFIED: Final = 304
TAG_LENGTH: Final = 22


@dataclass(frozen=True, slots=True)
class Answer:
    """
    A view with a status or headers of its own, where the operation's declared ones do not fit.
    """

    view: BaseModel | None
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """
    A file or a text that is not JSON: a pass, a page, a settlement.
    """

    content: bytes = field(repr=False)
    media_type: str
    filename: str | None = None
    cache: str = "private, no-store"


def json_response(view: BaseModel | None, *, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """
    Write a view as JSON; no view is an empty answer.
    """
    if view is None:
        return Response("", headers={"Cache-Control": "no-store", **(headers or {})}, status_code=status)
    body = view.model_dump_json(by_alias=True)
    return Response(body, headers={"Content-Type": JSON, "Cache-Control": "no-store", **(headers or {})}, status_code=status)


def document_response(document: Document) -> Response:
    """
    Send a file: text as text, everything else as bytes for the gateway's binary types.
    """
    headers = {"Content-Type": document.media_type, "Cache-Control": document.cache, "X-Content-Type-Options": "nosniff"}
    if document.filename is not None:
        headers["Content-Disposition"] = f'attachment; filename="{document.filename}"'
    textual = document.media_type.startswith(("text/", JSON, "image/svg+xml", "application/x-ndjson"))
    return Response(document.content.decode("utf-8") if textual else document.content, headers=headers, status_code=200)


def polled_response(view: BaseModel, *, ignoring: Any, asked: str | None, shared: bool) -> Response:
    """
    Answer something that is polled: 304 without a body while nothing but the `ignoring` fields has changed.
    """
    digest = sha256(view.model_dump_json(by_alias=True, exclude=ignoring).encode()).hexdigest()[:TAG_LENGTH]
    tag = f'W/"{digest}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=1" if shared else "private, no-cache"}
    if asked is not None and _matches(asked, digest):
        return Response("", headers=headers, status_code=NOT_MODIFIED)
    return json_response(view, status=200, headers=headers)


def _matches(asked: str, digest: str) -> bool:
    tags = {item.strip().removeprefix("W/") for item in asked.split(",")}
    return "*" in tags or f'"{digest}"' in tags
