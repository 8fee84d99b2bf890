"""
The front's way to the other parts of the local system: plain HTTP on loopback.
"""

from collections.abc import Mapping
from typing import Any

import httpx

from chalicelib.api.problems import ProblemError
from chalicelib.domain.decisions import Code


class Link:
    """
    One client for all parts; opened at the first question.
    """

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None

    async def ask(
        self,
        method: str,
        url: str,
        *,
        seconds: float,
        document: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """
        Ask a part and give its JSON answer; what it refuses is refused in the front's words, silence is 503.
        """
        if self._client is None:
            self._client = httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
        try:
            answer = await self._client.request(method, url, json=document, content=content, params=query, timeout=seconds)
            told = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProblemError.because(Code.DEPENDENCY_DOWN) from error
        if answer.is_success and isinstance(told, dict):
            return told
        raise ProblemError.because(REFUSALS.get(answer.status_code, Code.DEPENDENCY_DOWN))

    async def close(self) -> None:
        """
        Hang up.
        """
        if self._client is not None:
            await self._client.aclose()


REFUSALS = {400: Code.INVALID_FIELDS, 404: Code.NOT_FOUND, 409: Code.CONFLICT, 413: Code.BODY_TOO_LARGE, 422: Code.INVALID_FIELDS}
