"""
Around every route: what Chalice answers by itself becomes a problem, and its quirks stay inside.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from chalice.app import CaseInsensitiveMapping, CORSConfig, Request, Response

CORS: Final = CORSConfig(
    allow_origin="*",
    allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "Accept-Language", "X-Request-Id"],
    expose_headers=["ETag", "Retry-After", "X-Request-Id", "Location", "Content-Disposition"],
    max_age=3600,
)
"""Tokens travel in a header and never in a cookie, so that any page may ask and none gains by it."""
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOADS: Final = ("multipart/form-data", "application/octet-stream", "application/vnd.ms-excel")
BINARY_TYPES: Final = ("application/pdf", "image/png", "image/jpeg", XLSX, *UPLOADS)
"""What passes the gateway byte by byte. A CSV sent as `text/csv` passes as UTF-8; one in another encoding comes as one of `UPLOADS`."""
PREFLIGHT_ONLY: Final = ("Access-Control-Allow-Headers", "Access-Control-Max-Age", "Access-Control-Expose-Headers")


def as_problems(request: Request, get_response: Callable[[Request], Response]) -> Response:
    """
    Turn Chalice's own error bodies into problems, and leave out preflight headers where nobody reads them.
    """
    if "accept" not in request.headers:
        request.headers = CaseInsensitiveMapping({**dict(request.headers), "accept": "*/*"})
    response = get_response(request)
    body: Any = response.body
    if isinstance(body, dict) and set(body) == {"Code", "Message"}:
        response = _as_problem(response, request.headers.get("accept-language"))
    # a 304 says nothing new and must stay small; preflight headers are read from preflights alone
    for name in PREFLIGHT_ONLY if response.status_code == HTTPStatus.NOT_MODIFIED else PREFLIGHT_ONLY[:2]:
        response.headers.pop(name, None)
    return response


def _as_problem(response: Response, accepted: str | None) -> Response:
    from chalicelib.api.languages import preferred  # noqa: PLC0415 - with the first request
    from chalicelib.api.problems import fault_response  # noqa: PLC0415
    from chalicelib.domain.decisions import Code, Refused  # noqa: PLC0415

    codes = {405: Code.METHOD_NOT_ALLOWED, 415: Code.UNSUPPORTED_MEDIA_TYPE, 400: Code.NOT_ACCEPTABLE}
    refused = Refused.because(codes[response.status_code]) if response.status_code in codes else None
    return fault_response(refused, language=preferred(accepted), headers=response.headers)
