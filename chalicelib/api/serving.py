"""
The way of every request: recognize, allow, parse, call the handler, write the answer. A refusal anywhere is a problem.
"""

import re
from collections.abc import Mapping
from typing import Final
from uuid import uuid4

from chalice.app import Request, Response
from pydantic import BaseModel

from chalicelib import observability
from chalicelib.api import answers, identity, parsing
from chalicelib.api.answers import Answer, Document
from chalicelib.api.call import AnyCall, Call, IdempotencyKey, Principal
from chalicelib.api.faults import problem_of
from chalicelib.api.field_errors import invalid_field
from chalicelib.api.languages import Language, preferred
from chalicelib.api.operation import Answered, Key, Operation
from chalicelib.api.problems import ProblemError, fault_response, problem_response
from chalicelib.domain.decisions import Code, Refused
from chalicelib.store.errors import InvalidCursorError
from chalicelib.usecases.outcomes import Missing

REQUEST_ID: Final = "X-Request-Id"
_TRACE: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


class _Nothing(BaseModel, extra="forbid"):
    """
    The query of an operation that takes none.
    """


def serve(operation: Operation, request: Request, arguments: Mapping[str, str]) -> Response:
    """
    Serve one request of an operation; whatever happens, the answer carries the request's id and is logged once.
    """
    request_id = _request_id(request.headers.get(REQUEST_ID.lower()))
    language = preferred(request.headers.get("accept-language"))
    with observability.request(id=request_id, operation=operation.name) as observed:
        try:
            response = _served(operation, request, arguments, language=language, request_id=request_id)
        except ProblemError as problem:
            response = problem_response(Refused((problem.reason,)), language=language, errors=problem.errors, headers=problem.headers)
        except Exception as error:
            observability.fault(error)
            response = fault_response(problem_of(error), language=language)
        observed.status = response.status_code
    response.headers[REQUEST_ID] = request_id
    return response


def _served(operation: Operation, request: Request, arguments: Mapping[str, str], *, language: Language, request_id: str) -> Response:
    principal = None if operation.public else identity.authenticate(request.headers.get("authorization"))
    checkpoint = arguments[operation.checkpoint] if operation.checkpoint else None
    identity.authorize(principal, roles=operation.roles, checkpoint=checkpoint)
    for name, parameter in (operation.parameters or {}).items():
        if not parameter.accepts(arguments[name]):
            raise ProblemError.because(Code.NOT_FOUND)
    call = _call(operation, request, arguments, principal=principal, language=language, request_id=request_id)
    try:
        return _written(operation, call, operation.handler(call))
    except InvalidCursorError as error:
        raise invalid_field("cursor", "cursor", language=language) from error


def _call(
    operation: Operation,
    request: Request,
    arguments: Mapping[str, str],
    *,
    principal: Principal | None,
    language: Language,
    request_id: str,
) -> AnyCall:
    raw = bytes(request.raw_body)
    body = _body(operation, raw, content_type=request.headers.get("content-type"), language=language)
    values = {name: request.query_params.getlist(name) for name in request.query_params} if request.query_params else {}
    return Call(
        body=body,
        query=parsing.parse_query(operation.query or _Nothing, values, language=language),
        path=arguments,
        headers=request.headers,
        language=language,
        request_id=request_id,
        address=request.context.get("identity", {}).get("sourceIp", ""),
        principal=principal,
        idempotency=_key(operation, request, arguments, principal=principal, body=body, language=language),
        raw=raw,
    )


def _body(operation: Operation, raw: bytes, *, content_type: str | None, language: Language) -> BaseModel | None:
    if operation.request is not None:
        return parsing.parse_body(operation.request, raw, content_type=content_type, language=language)
    parsing.check_size(raw, limit=operation.raw_limit or parsing.JSON_LIMIT)
    if operation.raw_types and parsing.media_type(content_type).partition(";")[0] not in operation.raw_types:
        raise ProblemError.because(Code.UNSUPPORTED_MEDIA_TYPE, expected=", ".join(operation.raw_types))
    return None


def _key(
    operation: Operation,
    request: Request,
    arguments: Mapping[str, str],
    *,
    principal: Principal | None,
    body: BaseModel | None,
    language: Language,
) -> IdempotencyKey | None:
    if operation.idempotency is None:
        return None
    scope = f"{principal.account if principal else '-'} {operation.method} {operation.path.format_map(arguments)}"
    value = request.headers.get(parsing.KEY_HEADER)
    return parsing.parse_key(value, required=operation.idempotency is Key.REQUIRED, scope=scope, body=body, language=language)


def _written(operation: Operation, call: AnyCall, answer: Answered) -> Response:
    match answer:
        case Refused():
            return problem_response(answer, language=call.language)
        case Missing():
            return problem_response(Refused.because(Code.NOT_FOUND), language=call.language)
        case Answer():
            return answers.json_response(answer.view, status=answer.status, headers=answer.headers)
        case Document():
            return answers.document_response(answer)
        case BaseModel() if operation.polled:
            asked = call.headers.get("if-none-match")
            shared = operation.public and not operation.secret
            return answers.polled_response(answer, ignoring=operation.unversioned, asked=asked, shared=shared)
        case _:
            return answers.json_response(answer, status=operation.status)


def _request_id(given: str | None) -> str:
    return given if given is not None and _TRACE.fullmatch(given) else uuid4().hex
