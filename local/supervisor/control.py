"""
The supervisor's own loopback port: starts a checkpoint's gateway on demand.
"""

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from chalicelib.jurisdictions import ASSUMPTIONS, jurisdiction
from local.supervisor.gateways import Gateways, UnableToStartGatewayError
from local.supervisor.layout import LOOPBACK


def serve(*, port: int, gateways: Gateways) -> ThreadingHTTPServer:
    """
    Answer `POST /gateways/{checkpoint}` in threads of its own until shut down.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            checkpoint = self.path.removeprefix("/gateways/")
            if jurisdiction(ASSUMPTIONS).checkpoint(checkpoint) is None:
                self._answer(HTTPStatus.NOT_FOUND, {})
                return
            try:
                self._answer(HTTPStatus.OK, {"control": gateways.start(checkpoint)})
            except UnableToStartGatewayError:
                self._answer(HTTPStatus.SERVICE_UNAVAILABLE, {})

        def log_message(self, *_: object) -> None:
            return

        def _answer(self, status: HTTPStatus, document: object) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer((LOOPBACK, port), Handler)
    Thread(target=server.serve_forever, name="supervisor-control", daemon=True).start()
    return server
