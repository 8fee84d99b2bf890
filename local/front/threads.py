"""
Chalice's application object made safe to call from several threads: each sees its own request, never another's.
"""

import threading
from typing import Any

from chalice.app import Chalice, Request


class ThreadedChalice(Chalice):  # type: ignore[misc]
    """
    The same application; what Chalice keeps on the object while it serves is kept per thread.
    """

    _serving = threading.local()

    @property
    def current_request(self) -> Request | None:
        """
        The request that this thread serves.
        """
        return getattr(self._serving, "request", None)

    @current_request.setter
    def current_request(self, request: Request | None) -> None:
        self._serving.request = request

    @property
    def lambda_context(self) -> Any:
        """
        The context of this thread's invocation.
        """
        return getattr(self._serving, "context", None)

    @lambda_context.setter
    def lambda_context(self, context: Any) -> None:
        self._serving.context = context


def threaded(app: Chalice) -> Chalice:
    """
    Make an application safe under threads, for good.
    """
    app.__class__ = ThreadedChalice
    return app
