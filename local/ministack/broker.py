"""
MiniStack as this project starts it: every listener on loopback, certificates demanded, and always the same authority. Runs in MiniStack's own virtual environment.
"""

import asyncio.base_events
import json
import os
import ssl
import sys
from pathlib import Path
from typing import Any

STATE_FORMAT = 3
"""The version of MiniStack's IoT snapshot that 1.5.33 reads."""

LOOPBACK = "127.0.0.1"

POLICY_VIOLATION = 1008
"""The WebSocket close code."""


def keep_to_loopback() -> None:
    """
    Bind to loopback whatever asks for all interfaces: MiniStack's MQTT port does not obey `BIND_HOST`.
    """
    original = asyncio.base_events.BaseEventLoop.create_server

    async def create_server(self: Any, factory: Any, host: Any = None, port: Any = None, **options: Any) -> Any:
        if options.get("sock") is None and host in (None, "", "0.0.0.0", "::"):  # noqa: S104 - what is being prevented
            host = LOOPBACK
        return await original(self, factory, host, port, **options)

    asyncio.base_events.BaseEventLoop.create_server = create_server  # type: ignore[assignment,method-assign]


def ask_for_certificates() -> None:
    """
    Let nobody speak MQTT without a certificate, as IoT Core does: MiniStack only asks for one, and serves those who show none with all rights.
    """
    ssl.CERT_OPTIONAL = ssl.CERT_REQUIRED  # type: ignore[misc]


def without_web_sockets(serve: Any) -> Any:
    """
    Wrap MiniStack's application so that MQTT over WebSocket, which it serves to anyone, is refused.
    """

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        await serve(scope, receive, send)

    return guarded


def authority(directory: Path) -> dict[str, Any]:
    """
    Read the broker's authority and server certificate, made once and kept: a device's trust survives any crash of the broker.
    """
    path = directory / "authority.json"
    if not path.exists():
        from ministack.core.x509_utils import generate_ca, sign_leaf_certificate  # noqa: PLC0415 - 0.2 s, first start only

        ca, ca_key = generate_ca(org_name="Local queue", common_name="Local IoT broker")
        names = ["localhost", f"*.iot.{os.environ['MINISTACK_REGION']}.localhost", os.uname().nodename]
        cert, key, _ = sign_leaf_certificate(ca, ca_key, common_name="localhost", san_dns=names, san_ips=[LOOPBACK, "::1"])
        document = {"ca": {"ca_cert_pem": ca, "ca_key_pem": ca_key}, "mtls_server": {"cert_pem": cert, "key_pem": key}}
        _write(path, document)
    return dict(json.loads(path.read_text()))


def lay_out(directory: Path) -> None:
    """
    Give MiniStack its authority as the only thing it remembers; everything else is provisioned anew, after a crash and after a clean stop alike.
    """
    services = directory / "services"
    services.mkdir(parents=True, exist_ok=True)
    for old in services.glob("*.json"):
        old.unlink()
    document = authority(directory)
    (directory / "ca.pem").write_text(document["ca"]["ca_cert_pem"])
    _write(services / "iot.json", {"__ministack_format__": STATE_FORMAT, "payload": document})


def _write(path: Path, document: dict[str, Any]) -> None:
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(document))
    draft.replace(path)


def main() -> None:
    """
    Start MiniStack; its settings are in the environment that `local.ministack` prepared.
    """
    lay_out(Path(os.environ["STATE_DIR"]).parent)
    keep_to_loopback()
    ask_for_certificates()
    import ministack.app  # noqa: PLC0415 - reads the environment and the state at import

    ministack.app.app = without_web_sockets(ministack.app.app)
    sys.argv = ["ministack"]
    ministack.app.main()


if __name__ == "__main__":
    main()
