"""
What API Gateway answers by itself, in our words: RFC 9457 problems instead of its own messages, the same that the local front gives.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.api.languages import DEFAULT
from chalicelib.api.problems import MEDIA_TYPE, problem_response
from chalicelib.domain.decisions import Code, Refused

KINDS: Final[Mapping[str, Code]] = {
    "MISSING_AUTHENTICATION_TOKEN": Code.NOT_FOUND,
    "RESOURCE_NOT_FOUND": Code.NOT_FOUND,
    "ACCESS_DENIED": Code.NOT_FOUND,
    "BAD_REQUEST_BODY": Code.MALFORMED_JSON,
    "BAD_REQUEST_PARAMETERS": Code.MALFORMED_JSON,
    "REQUEST_TOO_LARGE": Code.BODY_TOO_LARGE,
    "UNSUPPORTED_MEDIA_TYPE": Code.UNSUPPORTED_MEDIA_TYPE,
    "THROTTLED": Code.RATE_LIMITED,
    "QUOTA_EXCEEDED": Code.RATE_LIMITED,
    "INTEGRATION_FAILURE": Code.BUSY,
    "INTEGRATION_TIMEOUT": Code.BUSY,
    "DEFAULT_5XX": Code.BUSY,
}
"""
API Gateway's kinds of response. An unknown path is `MISSING_AUTHENTICATION_TOKEN` to it. It cannot read `Accept-Language`: these speak the default one.
"""


def gateway_responses() -> Mapping[str, Mapping[str, Any]]:
    """
    Word every kind with the texts that the API itself uses, in the form of API Gateway's OpenAPI extension.
    """
    return {kind: _response(code) for kind, code in KINDS.items()}


def _response(code: Code) -> Mapping[str, Any]:
    answer = problem_response(Refused.because(code), language=DEFAULT)
    headers = {**answer.headers, "Content-Type": MEDIA_TYPE, "Access-Control-Allow-Origin": "*"}
    return {
        "statusCode": str(answer.status_code),
        "responseParameters": {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in headers.items()},
        "responseTemplates": {"application/json": answer.body},
    }
