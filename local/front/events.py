"""
API Gateway's REST proxy events (payload format 1.0) from requests, and replies from its answers.
"""

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from local.front.http import HttpReply, HttpRequest
from local.front.routing import Match

STAGE = "local"


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """
    What a handler is told about its invocation.
    """

    deadline: float
    function_name: str = "queue-api"
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 1024
    aws_request_id: str = field(default_factory=lambda: str(uuid4()))

    def get_remaining_time_in_millis(self) -> int:
        """
        Milliseconds until the request ends.
        """
        return max(0, int((self.deadline - time.monotonic()) * 1000))


def event_of(request: HttpRequest, match: Match) -> dict[str, Any]:
    """
    Write a request as the event that Lambda would receive.
    """
    several: dict[str, list[str]] = {}
    for name, value in request.headers:
        several.setdefault(name, []).append(value)
    parameters = request.parameters
    return {
        "resource": match.resource,
        "path": request.path,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in several.items()},
        "multiValueHeaders": several,
        "queryStringParameters": {name: values[-1] for name, values in parameters.items()} or None,
        "multiValueQueryStringParameters": parameters or None,
        "pathParameters": dict(match.values) or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": match.resource,
            "httpMethod": request.method,
            "path": request.path,
            "stage": STAGE,
            "requestId": str(uuid4()),
            "identity": {"sourceIp": request.address, "userAgent": request.header("user-agent")},
        },
        "body": base64.b64encode(request.body).decode("ascii") if request.body else None,
        "isBase64Encoded": bool(request.body),
    }


def reply_of(answer: Mapping[str, Any]) -> HttpReply:
    """
    Read the answer of a handler.
    """
    headers = [(name, str(value)) for name, value in answer.get("headers", {}).items()]
    headers += [(name, str(value)) for name, values in answer.get("multiValueHeaders", {}).items() for value in values]
    body = base64.b64decode(answer["body"]) if answer.get("isBase64Encoded") else answer["body"].encode()
    return HttpReply(answer["statusCode"], tuple(headers), body)
