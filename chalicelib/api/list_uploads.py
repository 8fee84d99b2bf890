"""
From an upload to what its use case takes: the file as the body itself with its fields in the query, or both as a form.
"""

import json
from hashlib import sha256
from typing import Any, Final

from pydantic import ValidationError

from chalicelib import wiring
from chalicelib.api.call import Call
from chalicelib.api.field_errors import invalid_field, invalid_fields
from chalicelib.api.identity import authorize
from chalicelib.api.middleware import UPLOADS, XLSX
from chalicelib.api.multipart import MULTIPART, parts_of
from chalicelib.api.officer import WATCHERS
from chalicelib.api.schemas.vehicle_lists import UploadFields, UploadQuery
from chalicelib.domain.plans import PlaceClass
from chalicelib.gateways.list_files.errors import UnableToReadTableError
from chalicelib.usecases.outcomes import IdempotentRequest
from chalicelib.usecases.receive_list import Sent

LIMIT: Final = 4 * 1024 * 1024
TYPES: Final = ("text/csv", XLSX, *UPLOADS)
FILE: Final = "file"


def sent_list(call: Call[None, UploadQuery]) -> tuple[Sent, IdempotentRequest]:
    """
    Read an upload: its fields first, then whether the checkpoint is the officer's, then the file. Raises `ProblemError`.
    """
    fields, content = _parts(call)
    form = _form(fields, call)
    authorize(call.principal, roles=WATCHERS, checkpoint=form.checkpoint)
    now = wiring.clock().now()
    if form.received_on > wiring.rules_on(now).today(now):
        raise invalid_field("received_on", "not_future", language=call.language)
    digest = sha256(content).hexdigest()
    sent = Sent(
        checkpoint=form.checkpoint,
        class_=PlaceClass(form.class_),
        sender=form.sender,
        sender_number=form.sender_bin,
        received_on=form.received_on,
        table=_table(content, call),
        sha256=digest,
    )
    key = call.idempotency_key
    body = json.dumps([form.model_dump(mode="json"), digest], ensure_ascii=False, sort_keys=True)
    return sent, IdempotentRequest(f"{key.scope} {key.key}", wiring.keyed_hash().of(body))


def _parts(call: Call[None, UploadQuery]) -> tuple[dict[str, Any], bytes]:
    fields: dict[str, Any] = call.query.model_dump(by_alias=True, exclude_none=True)
    content_type = call.headers.get("content-type") or ""
    if not content_type.lower().startswith(MULTIPART):
        return fields, call.raw
    parts = dict(parts_of(call.raw, content_type=content_type, language=call.language))
    content = parts.pop(FILE, None)
    if content is None:
        raise invalid_field(FILE, "file_missing", language=call.language)
    return {**fields, **{name: value.decode("utf-8", "replace") for name, value in parts.items()}}, content


def _form(fields: dict[str, Any], call: Call[None, UploadQuery]) -> UploadFields:
    try:
        return UploadFields.model_validate(fields)
    except ValidationError as error:
        raise invalid_fields(error, language=call.language) from error


def _table(content: bytes, call: Call[None, UploadQuery]) -> Any:
    from chalicelib.gateways.list_files.reading import read_table  # noqa: PLC0415 - openpyxl loads where a file is read

    try:
        return read_table(content, columns=wiring.law().lists().aliases)
    except UnableToReadTableError as error:
        raise invalid_field(FILE, error.kind, language=call.language) from error
