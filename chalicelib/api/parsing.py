"""
From bytes and strings to an operation's models: size, type, syntax, then fields, each refused by its own name.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from chalicelib.api.call import IdempotencyKey
from chalicelib.api.field_errors import invalid_field, invalid_fields
from chalicelib.api.languages import Language
from chalicelib.api.problems import ProblemError
from chalicelib.domain.decisions import Code

JSON_LIMIT: Final = 256 * 1024
"""Bytes of a JSON body."""
KEY_LIMIT: Final = 128
"""Characters of an idempotency key."""
KEY_HEADER: Final = "idempotency-key"
Model = TypeVar("Model", bound=BaseModel)


def parse_body(model: type[Model], raw: bytes, *, content_type: str | None, language: Language) -> Model:
    """
    Read a JSON body into its model: 413, 415, 400 and 422 in that order.
    """
    check_size(raw, limit=JSON_LIMIT)
    if media_type(content_type) != "application/json":
        raise ProblemError.because(Code.UNSUPPORTED_MEDIA_TYPE, expected="application/json")
    _check_syntax(raw)
    try:
        return model.model_validate_json(raw, strict=True)
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False)[0]["type"] == "json_invalid":
            raise ProblemError.because(Code.MALFORMED_JSON) from error
        raise invalid_fields(error, language=language) from error


def check_size(raw: bytes, *, limit: int) -> None:
    """
    Refuse a body that is longer than it may be.
    """
    if len(raw) > limit:
        raise ProblemError.because(Code.BODY_TOO_LARGE, limit=limit)


def media_type(content_type: str | None) -> str:
    """
    Name a content type without its parameters; JSON in any charset but UTF-8 is no JSON (RFC 8259).
    """
    name, _, parameters = (content_type or "").lower().partition(";")
    charset = parameters.strip().removeprefix("charset=").strip('"')
    return name.strip() if charset in ("", "utf-8", "utf8") or "charset=" not in parameters else f"{name.strip()};{charset}"


def _check_syntax(raw: bytes) -> None:
    """
    Refuse what pydantic's reader would let pass: repeated keys, NaN, endless nesting.
    """
    try:
        json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ProblemError.because(Code.MALFORMED_JSON) from error


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def parse_query(model: type[Model], values: Mapping[str, Sequence[str]], *, language: Language) -> Model:
    """
    Read query parameters into their model; an unknown or repeated one is refused.
    """
    repeated = next((name for name, items in values.items() if len(items) > 1), None)
    if repeated is not None:
        raise invalid_field(repeated, "repeated", language=language)
    try:
        return model.model_validate({name: items[0] for name, items in values.items()})
    except ValidationError as error:
        raise invalid_fields(error, language=language) from error


def parse_key(value: str | None, *, required: bool, scope: str, body: BaseModel | None, language: Language) -> IdempotencyKey | None:
    """
    Read the `Idempotency-Key` header; the request is kept beside it in one canonical writing, so that spelling does not matter.
    """
    if value is None:
        if required:
            raise ProblemError.because(Code.IDEMPOTENCY_KEY_REQUIRED)
        return None
    if not 1 <= len(value) <= KEY_LIMIT or not all("!" <= letter <= "~" for letter in value):
        raise invalid_field("Idempotency-Key", "idempotency_key", language=language)
    document = body.model_dump(mode="json", by_alias=True) if body is not None else None
    request = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return IdempotencyKey(key=value, scope=scope, request=request)
