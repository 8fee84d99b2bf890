"""
The OpenAPI 3.1 document, made from the declarations: whatever the service does is in it, because it does it by them.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib.api import problems, routes
from chalicelib.api.answers import JSON
from chalicelib.api.operation import OPERATIONS, Key, Operation
from chalicelib.api.version import VERSION
from chalicelib.domain.decisions import Code, Reason
from chalicelib.jurisdictions import jurisdiction

Json = dict[str, Any]
REFERENCE: Final = "#/components/schemas/{model}"
ALWAYS: Final = (Code.RATE_LIMITED, Code.DEPENDENCY_DOWN, Code.BUSY)
INFO: Final = {
    "title": "The open electronic queue",
    "version": VERSION,
    "summary": "Booking of border crossing places for trucks leaving Kazakhstan (Order No. 707).",
    "description": (
        "Checks come first, the place second, the money third. Times carry the offset +05:00, money is in tiyn, lists are paged, "
        "errors are `application/problem+json` with a stable `code` and the paragraph (`rule`) that decided. "
        "`Accept-Language: kk|ru|en` chooses the language of texts."
    ),
    "license": {"name": "See LICENSE", "identifier": "EUPL-1.2"},
}
PROBLEM: Final[Json] = {
    "type": "object",
    "description": "A refusal or a fault (RFC 9457).",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "next": {"type": "string", "description": "What to do next, a sentence in the caller's language; the last one of `detail`."},
        "code": {"type": "string", "pattern": "^[A-Z0-9_]+$", "description": "Stable; decide by this."},
        "rule": {"type": "string", "description": "The paragraph of Order No. 707 or our own decision.", "examples": ["§21", "D8"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "reasons": {
            "type": "array",
            "description": "All reasons, when there are several.",
            "items": {
                "type": "object",
                "required": ["code"],
                "properties": {name: {"type": "string"} for name in problems.TOLD_OF_EACH},
            },
        },
    },
}


TAGS: Final = (
    *(
        "Checkpoints and places",
        "Open register",
        "Fees and agreement",
        "Sign-in",
        "My account",
        "Consents and identity",
        "Notices",
        "Wallet",
        "Bookings",
        "Drivers",
    ),
    *("Payment provider", "Complaints", "Officers", "Vehicle lists", "Registrar", "Finance", "Service"),
)
"""The order in which the documents tell of operations: as a user meets them."""


@cache
def document() -> Json:
    """
    Make the document of all declared operations, once.
    """
    routes.load_all()
    operations = sorted(OPERATIONS.values(), key=lambda operation: TAGS.index(operation.tags[0]))
    schemas, references = _schemas(operations)
    paths: dict[str, Json] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, references)
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in TAGS],
        "paths": paths,
        "components": {
            "schemas": {"Problem": PROBLEM, **schemas},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": _TOKEN}},
        },
    }


_TOKEN: Final = "The access token of `POST /v1/auth/otp/verify`, good for 15 minutes."  # noqa: S105 - a description
References = Mapping[tuple[type[BaseModel], str], Json]


def _schemas(operations: Iterable[Operation]) -> tuple[Json, References]:
    wanted: dict[tuple[type[BaseModel], str], None] = {}
    for operation in operations:
        for model in (operation.request, operation.query):
            if model is not None:
                wanted[model, "validation"] = None
        for model in (operation.response, *(operation.answers or {}).values()):
            if model is not None:
                wanted[model, "serialization"] = None
    references, found = models_json_schema(list(wanted), ref_template=REFERENCE)  # type: ignore[arg-type]
    queries = {operation.query for operation in operations if operation.query is not None}
    inlined: dict[Any, Json] = {
        key: {"$inline": found["$defs"][reference["$ref"].rpartition("/")[2]]} if key[0] in queries else reference
        for key, reference in references.items()
    }
    dropped = {references[model, "validation"]["$ref"].rpartition("/")[2] for model in queries}
    return {name: schema for name, schema in found.get("$defs", {}).items() if name not in dropped}, inlined


def _operation(operation: Operation, references: References) -> Json:
    described: Json = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": list(operation.tags),
        "x-rate-class": operation.rate.value,
        **_description(operation),
        "parameters": _parameters(operation, references),
        "responses": _responses(operation, references),
    }
    if operation.request is not None:
        described["requestBody"] = {"required": True, "content": {JSON: {"schema": references[operation.request, "validation"]}}}
    elif operation.raw_limit is not None:
        described["requestBody"] = {"required": True, "content": _raw_content(operation)}
    if not operation.public:
        described["security"] = [{"token": []}]
        described["x-roles"] = sorted(operation.roles)
    return described


def _raw_content(operation: Operation) -> Json:
    return {kind: {"schema": {"type": "string", "format": "binary"}} for kind in operation.raw_types} or {
        JSON: {"schema": {"type": "object"}}
    }


def _description(operation: Operation) -> Json:
    sentences = [(operation.handler.__doc__ or "").strip()]
    if operation.rule:
        sentences.append(f"Ground: {operation.rule}.")
    text = "\n\n".join(sentence for sentence in sentences if sentence)
    return {"description": text, **({"x-rule": operation.rule} if operation.rule else {})} if text else {}


def _parameters(operation: Operation, references: References) -> list[Json]:
    found: list[Json] = []
    for name, parameter in (operation.parameters or {}).items():
        schema = {"type": "string", "pattern": f"^{parameter.pattern}$"}
        described = {"description": parameter.description, "schema": schema, "example": parameter.example}
        found.append({"name": name, "in": "path", "required": True, **described})
    if operation.query is not None:
        schema = references[operation.query, "validation"]["$inline"]
        required = schema.get("required", [])
        for name, item in schema["properties"].items():
            shown = {key: value for key, value in item.items() if key not in ("title", "description")}
            text = {"description": item["description"]} if "description" in item else {}
            found.append({"name": name, "in": "query", "required": name in required, **text, "schema": shown})
    return found + _headers(operation)


def _headers(operation: Operation) -> list[Json]:
    found: list[Json] = [_header("Accept-Language", "kk, ru or en; Russian when not said.", {"type": "string"})]
    if operation.idempotency is not None:
        key = {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"}
        text = "The same key with the same body gives the first successful answer again for 24 h."
        found.append(_header("Idempotency-Key", text, key) | {"required": operation.idempotency is Key.REQUIRED})
    if operation.polled:
        found.append(_header("If-None-Match", "The `ETag` last seen: 304 while nothing has changed.", {"type": "string"}))
    return found


def _header(name: str, text: str, schema: Json) -> Json:
    return {"name": name, "in": "header", "required": False, "description": text, "schema": schema}


def _responses(operation: Operation, references: References) -> Json:
    found: Json = {}
    for status, model in {operation.status: operation.response, **(operation.answers or {})}.items():
        content = {JSON: {"schema": references[model, "serialization"]}} if model is not None else {}
        if status == operation.status:
            content |= {media: {"schema": {"type": "string"}} for media in operation.media_types}
        found[str(status)] = {"description": HTTPStatus(status).phrase, **({"content": content} if content else {})}
    if operation.polled:
        found["304"] = {"description": "Not changed since `If-None-Match`."}
    for status, codes in sorted(problem_codes(operation).items()):
        found[str(status)] = _problem_response(status, codes)
    return found


def problem_codes(operation: Operation) -> dict[int, list[Code]]:
    """
    Group every code that an operation may answer with by its HTTP status: the declared ones and those of the machinery.
    """
    codes = [*operation.problems, *ALWAYS, Code.INVALID_FIELDS]
    if operation.roles:
        codes += [Code.UNAUTHENTICATED, Code.FORBIDDEN]
    if operation.checkpoint:
        codes.append(Code.NOT_YOUR_CHECKPOINT)
    if operation.parameters:
        codes.append(Code.NOT_FOUND)
    if operation.method != "GET":
        codes.append(Code.BODY_TOO_LARGE)
    if operation.request is not None:
        codes += [Code.MALFORMED_JSON, Code.UNSUPPORTED_MEDIA_TYPE]
    if operation.raw_types:
        codes.append(Code.UNSUPPORTED_MEDIA_TYPE)
    if operation.idempotency is not None:
        codes.append(Code.IDEMPOTENCY_KEY_REUSED)
    if operation.idempotency is Key.REQUIRED:
        codes.append(Code.IDEMPOTENCY_KEY_REQUIRED)
    grouped: dict[int, list[Code]] = {}
    for code in dict.fromkeys(codes):
        grouped.setdefault(jurisdiction().problem(code, "en").status, []).append(code)
    return grouped


def _problem_response(status: int, codes: list[Code]) -> Json:
    schema = {
        "allOf": [{"$ref": REFERENCE.format(model="Problem")}],
        "properties": {"code": {"enum": [code.value for code in codes]}, "status": {"const": status}},
    }
    example = problems.problem_document([Reason(codes[0])])
    described: Json = {
        "description": "; ".join(f"`{code.value}`" for code in codes),
        "content": {problems.MEDIA_TYPE: {"schema": schema, "example": example}},
    }
    if status in (problems.TOO_MANY_REQUESTS, problems.SERVICE_UNAVAILABLE):
        described["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return described
