"""
`python -m local.ministack --port P --mqtt-port M --state DIR`: become MiniStack, in its own virtual environment, on loopback alone.
"""

import argparse
import os
from pathlib import Path
from typing import Final

from local.ministack import account

ROOT: Final = Path(__file__).resolve().parents[2]
INTERPRETER: Final = ROOT / ".venv-ministack" / "bin" / "python"
BROKER: Final = Path(__file__).with_name("broker.py")


def settings(*, port: int, mqtt_port: int, state: Path) -> dict[str, str]:
    """
    Name MiniStack's settings as environment variables. All it writes lies in `state`; the machine's Docker, if any, is left alone.
    """
    return {
        **account.environment(),
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "DOCKER_HOST": f"unix://{state}/no-docker",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_PORT": str(mqtt_port),
        "LOG_LEVEL": os.environ.get("MINISTACK_LOG_LEVEL", "WARNING"),
        "MINISTACK_ACCOUNT_ID": account.ACCOUNT,
        "MINISTACK_REGION": account.REGION,
        "PERSIST_STATE": "1",
        "PYTHONUNBUFFERED": "1",
        "S3_DATA_DIR": str(state / "s3"),
        "S3_PERSIST": "1",
        "SFTP_ENABLED": "0",
        "STATE_DIR": str(state / "services"),
        "TMPDIR": str(state / "tmp"),
    }


def main() -> None:
    """
    Prepare the state folder and replace this process with MiniStack, so that its parent watches the real one.
    """
    parser = argparse.ArgumentParser(prog="python -m local.ministack", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="HTTP port of all its services")
    parser.add_argument("--mqtt-port", type=int, required=True, help="IoT Core's MQTT port (mutual TLS)")
    parser.add_argument("--state", type=Path, required=True, help="where it keeps its authority and S3 objects")
    asked = parser.parse_args()
    if not INTERPRETER.exists():
        parser.exit(1, f"{INTERPRETER} is missing: create it from requirements/ministack.txt\n")
    state = asked.state.resolve()
    (state / "tmp").mkdir(parents=True, exist_ok=True)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment = {**inherited, **settings(port=asked.port, mqtt_port=asked.mqtt_port, state=state)}
    os.execve(INTERPRETER, [str(INTERPRETER), "-I", str(BROKER)], environment)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
