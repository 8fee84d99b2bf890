"""
From an upload to a bank's statements: the file as the body itself, or in a form.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from chalicelib import wiring
from chalicelib.api.call import AnyCall
from chalicelib.api.field_errors import LIMIT as MOST_ERRORS
from chalicelib.api.field_errors import field_error, invalid_field
from chalicelib.api.languages import Language
from chalicelib.api.multipart import MULTIPART, parts_of
from chalicelib.api.problems import ProblemError
from chalicelib.domain.decisions import Code, Reason
from chalicelib.domain.statements import InvalidStatementError, StatementFault
from chalicelib.usecases.outcomes import IdempotentRequest, Outcome

LIMIT: Final = 4 * 1024 * 1024
TYPES: Final = ("application/xml", "text/xml", "text/plain", "application/octet-stream", MULTIPART)
"""What is not UTF-8 comes as one of the last two: a gateway passes texts as UTF-8."""
FILE: Final = "file"


def receive_upload(call: AnyCall) -> Outcome:
    """
    Read the file and take its statements in. Raises the 422 problem with every fault, row by row.
    """
    from chalicelib.gateways.bank_files.reading import read_statements  # noqa: PLC0415 - the parsers load where a file is read

    content = _content(call)
    digest, key = sha256(content).hexdigest(), call.idempotency_key
    request = IdempotentRequest(f"{key.scope} {key.key}", wiring.keyed_hash().of(digest))
    try:
        statements = read_statements(content)
        return wiring.receive_statement()(finance=call.account, statements=statements, sha256_=digest, request=request)
    except InvalidStatementError as error:
        raise _refused(error.faults, language=call.language) from error


def _content(call: AnyCall) -> bytes:
    content_type = call.headers.get("content-type") or ""
    if not content_type.lower().startswith(MULTIPART):
        return call.raw
    content = parts_of(call.raw, content_type=content_type, language=call.language).get(FILE)
    if content is None:
        raise invalid_field(FILE, "file_missing", language=call.language)
    return content


def _refused(faults: Sequence[StatementFault], *, language: Language) -> ProblemError:
    errors = tuple(
        field_error(FILE if fault.row is None else f"{FILE}.{fault.row}", fault.code.value, language=language, context=fault.parameters)
        for fault in faults[:MOST_ERRORS]
    )
    return ProblemError(Reason(Code.INVALID_FIELDS, parameters={"count": len(faults)}), errors)
