"""
The parts of the local system as commands: engines, doubles, front, runner, and a component host per gateway.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from chalicelib.contracts import topics
from chalicelib.jurisdictions import ASSUMPTIONS, jurisdiction
from local.ministack import account
from local.ministack.devices import Credentials
from local.supervisor.layout import LOOPBACK, ROOT, Layout, write_json
from local.supervisor.secrets import PUBLISHABLE_KEY

PAYEE = ROOT / "local" / "supervisor" / "payee.json"
"""Whom transfers go to on one machine: nobody, and the paper says so."""
COMPONENTS = ("plate_reader", "gate", "board")


def environment(layout: Layout) -> Mapping[str, str]:
    """
    Set what a deployment would: settings of the system, credentials of the local cloud.
    """
    queue = {
        "QUEUE_TABLE_PREFIX": "queue-",
        "QUEUE_SECRETS": f"file:{layout.state / 'secrets' / 'secrets.json'}",
        "QUEUE_ISSUER": layout.front,
        "QUEUE_AUDIENCE": "queue-api",
        "QUEUE_PHOTOS_BUCKET": "passage-photos",
        "QUEUE_RELAY_URL": f"https://{LOOPBACK}:{layout.ports['registers']}",
        "QUEUE_RELAY_DIRECTORY": str(layout.state / "registers" / "certificates"),
        "QUEUE_SMS_URL": layout.url("outbox"),
        "QUEUE_PUSH_URL": layout.url("outbox"),
        "QUEUE_FIRST_DAY": layout.first_day,
        "QUEUE_DYNAMODB_ENDPOINT": layout.url("dynamodb"),
        "QUEUE_AWS_ENDPOINT": layout.url("cloud"),
        "QUEUE_PAYMENTS_URL": layout.url("payments"),
        "QUEUE_PAYMENTS_KEY": PUBLISHABLE_KEY,
        "QUEUE_CLOCK_FILE": str(layout.clock),
        "QUEUE_LIMITS_FILE": str(layout.state / "limits.json"),
        "QUEUE_ASSUMPTIONS": str(ASSUMPTIONS),
        "QUEUE_PAYEE": PAYEE.read_text(encoding="utf-8"),
    }
    local = {
        "LOCAL_STATE": str(layout.state),
        "LOCAL_RUNTIME": str(layout.runtime),
        "LOCAL_RUNNER_PORT": str(layout.ports["runner"]),
        "LOCAL_SUPERVISOR": layout.url("supervisor"),
        "LOCAL_PAYMENTS": layout.url("payments"),
    }
    paths = {"PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}", "PYTHONUNBUFFERED": "1"}
    quiet = {"AWS_EC2_METADATA_DISABLED": "true", "OMP_NUM_THREADS": "1"}
    inherited = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**inherited, **account.environment(), **queue, **local, **paths, **quiet}


def python(module: str, *arguments: object) -> Sequence[str]:
    """
    Spell a command that runs a module of ours.
    """
    return [sys.executable, "-m", module, *map(str, arguments)]


def commands(layout: Layout) -> Mapping[str, Sequence[str]]:
    """
    List the engines and doubles that everything else stands on.
    """
    ports, secrets = layout.ports, layout.state / "secrets"
    return {
        "dynamodb": python("local.engines", "serve", "--port", ports["dynamodb"], "--state", layout.folder("dynamodb")),
        "cloud": python("local.ministack", "--port", ports["cloud"], "--mqtt-port", ports["mqtt"], "--state", layout.folder("cloud")),
        "registers": python(
            "local.registers",
            *("--port", ports["registers"], "--outbox-port", ports["outbox"]),
            *("--state", layout.folder("registers"), "--clock", layout.clock),
        ),
        "payments": python(
            "local.payments",
            *("--port", ports["payments"], "--state", layout.folder("payments")),
            *("--secret-key-file", secrets / "payments-secret-key", "--webhook-secret-file", secrets / "payments-webhook-secret"),
            *("--webhook-url", f"{layout.front}/v1/stripe/webhook"),
        ),
    }


def front_command(layout: Layout, descriptor: int) -> Sequence[str]:
    """
    Spell the front's command on the socket that the supervisor keeps.
    """
    path = layout.state / "front.json"
    write_json(path, {"runtime": str(layout.runtime), "pages": str(ROOT / "web" / "dist")})
    return python("local.front", "--fd", descriptor, "--config", path)


def host_command(layout: Layout, *, checkpoint: str, credentials: Credentials, ca: Path, port: int) -> Sequence[str]:
    """
    Write a gateway's configuration and spell its host's command.
    """
    known = jurisdiction(ASSUMPTIONS).checkpoints[checkpoint]
    base = layout.folder(f"gateways/{checkpoint}")
    document: dict[str, Any] = {
        "checkpoint": checkpoint,
        "thing": topics.thing(checkpoint),
        "state_dir": str(base),
        "spool_dir": str(base / "spool"),
        "photos_dir": str(base / "photos"),
        "control_port": port,
        "mqtt": {
            "host": LOOPBACK,
            "port": layout.ports["mqtt"],
            "ca": str(ca),
            "cert": str(credentials.cert),
            "key": str(credentials.key),
        },
        "lanes": [{"id": lane.id, "kind": lane.kind.value} for lane in known.lanes],
        "components": list(COMPONENTS),
        "clock_file": str(layout.clock),
        "admissions_key_file": str(layout.state / "admissions-key.json"),
    }
    path = base / "host.json"
    write_json(path, document)
    return python("local.greengrass", "--config", path)
