"""
What is wrong with a field, said in the caller's language: by the jurisdiction's texts, and by those beside for kinds of the API's own.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from chalicelib.api.languages import Language
from chalicelib.api.problems import FieldError, ProblemError
from chalicelib.domain.decisions import Code, Reason
from chalicelib.jurisdictions import jurisdiction

LIMIT: Final = 50
"""Errors named in one answer: the rest would only make it long."""
FIELD_LIMIT: Final = 120
WHOLE: Final = "body"
"""The name given to what concerns a request body as a whole."""


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """
    Load the texts: type of error → language → sentence.
    """
    loaded: dict[str, dict[str, str]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return loaded


def field_error(name: str, kind: str, *, language: Language, context: Mapping[str, Any] | None = None) -> FieldError:
    """
    Say one error of a field; a kind without a text of its own is said in general.
    """
    said = {key: _spelled(key, value) for key, value in (context or {}).items()}
    if kind in texts():
        return FieldError(name, texts()[kind][language.value].format_map(said))
    return FieldError(name, jurisdiction().field_message(kind, language.value, said))


def _spelled(name: str, value: object) -> object:
    """
    Spell a limit for readers: pydantic writes choices as `'a', 'b' or 'c'`, and a whole number among floats as `1.0`.
    """
    if name == "expected":
        return str(value).replace("'", "").replace(" or ", ", ")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def invalid_fields(error: ValidationError, *, language: Language) -> ProblemError:
    """
    Turn pydantic's findings into the 422 problem, never repeating what the caller sent.
    """
    found = error.errors(include_url=False, include_input=False)[:LIMIT]
    errors = tuple(field_error(_path(item), item["type"], language=language, context=item.get("ctx")) for item in found)
    return ProblemError(Reason(Code.INVALID_FIELDS, parameters={"count": len(errors)}), errors)


def invalid_field(name: str, kind: str, *, language: Language, **context: Any) -> ProblemError:
    """
    Refuse for one field alone.
    """
    return ProblemError(
        Reason(Code.INVALID_FIELDS, parameters={"count": 1}), (field_error(name, kind, language=language, context=context),)
    )


def _path(found: ErrorDetails) -> str:
    """
    Name the field: where pydantic found it, and below a whole object the one that its own check names.
    """
    location = [str(item) for item in found["loc"]] + [str(found.get("ctx", {}).get("field", ""))]
    path = ".".join(filter(None, location)) or WHOLE
    return path[:FIELD_LIMIT].encode("utf-8", "replace").decode("utf-8")
