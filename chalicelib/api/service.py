"""
What the service says about itself: whether it is up, what it can do, and the keys of its tokens.
"""

import json

from chalicelib import wiring
from chalicelib.api import docs_page, openapi
from chalicelib.api.answers import Document
from chalicelib.api.call import AnyCall
from chalicelib.api.operation import PUBLIC, operation
from chalicelib.api.schemas.base import View
from chalicelib.api.schemas.service import HealthView, KeySetView
from chalicelib.api.version import VERSION

CACHE = "public, max-age=60"


@operation("GET", "/v1/health", roles=PUBLIC, response=HealthView, tags=("Service",), summary="Whether the service is up")
def health(_: AnyCall) -> View:
    """
    Answers without asking any other part.
    """
    return HealthView(status="ok", version=VERSION)


@operation(
    "GET",
    "/openapi.json",
    roles=PUBLIC,
    response=None,
    media_types=("application/json",),
    tags=("Service",),
    summary="This document",
)
def openapi_document(_: AnyCall) -> Document:
    """
    OpenAPI 3.1, made from the running code.
    """
    return Document(json.dumps(openapi.document(), ensure_ascii=False).encode(), "application/json", cache=CACHE)


@operation("GET", "/docs", roles=PUBLIC, response=None, media_types=("text/html",), tags=("Service",), summary="This document, to read")
def docs(_: AnyCall) -> Document:
    """
    A page that needs no other server.
    """
    return Document(docs_page.render(openapi.document()).encode(), "text/html; charset=utf-8", cache=CACHE)


@operation(
    "GET",
    "/.well-known/jwks.json",
    roles=PUBLIC,
    response=KeySetView,
    tags=("Service",),
    summary="Public keys of access tokens and passes",
)
def json_web_keys(_: AnyCall) -> View:
    """
    A JWK Set (RFC 7517), ES256.
    """
    return KeySetView.model_validate(wiring.tokens().public_keys())
