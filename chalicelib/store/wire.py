"""
The way to the engine: DynamoDB's JSON protocol over one pool of connections, signed by botocore. Its own way takes a millisecond more for a call.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    ReadTimeoutError,
    SSLError,
)
from botocore.httpsession import get_cert_path
from urllib3 import Timeout, connection_from_url
from urllib3 import exceptions as http

SERVICE: Final = "dynamodb"
LEAN: Final = frozenset(
    {"GetItem", "BatchGetItem", "Query", "Scan", "PutItem", "DeleteItem", "UpdateItem", "BatchWriteItem", "TransactWriteItems"}
)
"""What is said in JSON both ways as PynamoDB spells it; no row of ours has an attribute of bytes."""
REFUSED: Final = 300
CONTENT: Final = "application/x-amz-json-1.0"


@dataclass(frozen=True, slots=True)
class Response:
    """
    What botocore's listeners look at.
    """

    status_code: int
    headers: Mapping[str, str]


class Wire:
    """
    A client of botocore whose calls over rows take the short way; everything else is the client's. Safe for many threads.

    botocore's events `provide-client-params`, `before-call` and `after-call` are told as by its own calls, and errors are its own, so that
    whoever listens to a client hears this one. A call is made once: tries are counted in `retries.py` alone.
    """

    def __init__(self, client: Any, *, credentials: Credentials | None, timeout: Timeout, pool: int) -> None:
        self._client = client
        self._credentials = credentials
        self._url = f"{client.meta.endpoint_url.rstrip('/')}/"
        secure = {"cert_reqs": "CERT_REQUIRED", "ca_certs": get_cert_path(True)} if self._url.startswith("https:") else {}
        self._pool = connection_from_url(self._url, maxsize=pool, timeout=timeout, **secure)
        self._target = f"{client.meta.service_model.metadata['targetPrefix']}."

    def __getattr__(self, name: str) -> Any:
        """
        Give whatever else the client has.
        """
        return getattr(self._client, name)

    def call(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        """
        Make a call, asked and answered as DynamoDB spells things. Raises botocore's errors.
        """
        if operation not in LEAN:
            answer: dict[str, Any] = self._client._make_api_call(operation, asked)  # noqa: SLF001  PynamoDB has no other word for it
            return answer
        meta = self._client.meta
        model = meta.service_model.operation_model(operation)
        context: dict[str, Any] = {"client_config": meta.config, "client_region": meta.region_name}
        meta.events.emit(f"provide-client-params.{SERVICE}.{operation}", params=asked, model=model, context=context)
        headers = {"X-Amz-Target": f"{self._target}{operation}", "Content-Type": CONTENT}
        request: dict[str, Any] = {"url": self._url, "headers": headers, "body": json.dumps(asked).encode(), "context": context}
        _, given = meta.events.emit_until_response(
            f"before-call.{SERVICE}.{operation}", model=model, params=request, request_signer=None, context=context
        )
        response, parsed = given or self._ask(request["headers"], request["body"])
        meta.events.emit(f"after-call.{SERVICE}.{operation}", http_response=response, parsed=parsed, model=model, context=context)
        if response.status_code >= REFUSED:
            raise self._client.exceptions.from_code(parsed["Error"]["Code"])(parsed, operation)
        return parsed

    _make_api_call = call
    """What PynamoDB calls."""

    def _ask(self, headers: dict[str, str], body: bytes) -> tuple[Response, dict[str, Any]]:
        request = AWSRequest("POST", self._url, data=body, headers=headers)
        if self._credentials is None:
            raise NoCredentialsError
        # a role's credentials change every few hours
        SigV4Auth(self._credentials.get_frozen_credentials(), SERVICE, self._client.meta.region_name).add_auth(request)
        try:
            answer = self._pool.urlopen("POST", "/", body=body, headers=dict(request.headers.items()), retries=False)
        except http.HTTPError as error:
            raise self._fault(error) from error
        return Response(answer.status, answer.headers), _parsed(answer.status, answer.data, answer.headers)

    def _fault(self, error: http.HTTPError) -> BotoCoreError:
        """
        Name what befell a call on its way, as botocore does: some of it tells that nothing arrived.
        """
        if isinstance(error, http.SSLError):
            return SSLError(endpoint_url=self._url, error=error)
        if isinstance(error, http.NewConnectionError):
            return EndpointConnectionError(endpoint_url=self._url, error=error)
        if isinstance(error, http.ConnectTimeoutError):
            return ConnectTimeoutError(endpoint_url=self._url, error=error)
        if isinstance(error, http.ReadTimeoutError):
            return ReadTimeoutError(endpoint_url=self._url, error=error)
        if isinstance(error, http.ProtocolError):
            return ConnectionClosedError(endpoint_url=self._url, error=error)
        return HTTPClientError(error=error)


def _parsed(status: int, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """
    Read an answer; an error's code stands behind its namespace, and an answer that is not the engine's own has its status for one.
    """
    if status < REFUSED:
        found: dict[str, Any] = json.loads(body)
        return found
    try:
        said = json.loads(body or b"{}")
    except ValueError:
        said = {"message": body.decode(errors="replace")}
    code = str(said.pop("__type", status)).partition(":")[0].rpartition("#")[2]
    error = {"Code": code, "Message": said.get("message", said.get("Message", ""))}
    return {
        **said,
        "Error": error,
        "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {k.lower(): v for k, v in headers.items()}},
    }
