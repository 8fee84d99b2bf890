"""
`python -m local.supervisor`: the whole system on one machine, its story, and gentle traffic until Ctrl-C.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from local.ministack.account import environment as cloud_environment
from local.ministack.waiting import UnableToStartError as UnableToStartCloudError
from local.supervisor.gateways import UnableToStartGatewayError
from local.supervisor.layout import ROOT, Layout, PortTakenError
from local.supervisor.system import System, UnableToStartError
from local.supervisor.table import overview


def told(since: float) -> str:
    """
    Say how long it took.
    """
    return f"{time.monotonic() - since:6.1f} s"


def main() -> int:
    """
    Start, tell, stay, end.
    """
    since = time.monotonic()
    state = Path(os.environ.get("STATE") or ROOT / ".state")
    layout = Layout.find(state=state, port=int(os.environ["PORT"]) if os.environ.get("PORT") else None)
    system = System(layout, tell=lambda line: print(f"  {told(since)}  {line}", flush=True))
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    print(f"starting, state in {layout.state}", flush=True)
    extra: list[subprocess.Popen[bytes]] = []
    try:
        system.start()
        print(overview(system, seconds=time.monotonic() - since), flush=True)
        if os.environ.get("STORY", "1") != "0":
            extra.append(_module("local.story"))
            _wait(extra[0], ended)
        if os.environ.get("TRAFFIC", "1") != "0" and not ended.is_set():
            extra.append(_module("local.traffic"))
        if not ended.is_set():
            print(f"running: {layout.front}  (Ctrl-C ends every process)", flush=True)
        ended.wait()
    except (UnableToStartError, UnableToStartCloudError, UnableToStartGatewayError, PortTakenError) as error:
        print(f"could not start: {error}", file=sys.stderr)
        return 1
    finally:
        for process in extra:
            if process.poll() is None:
                process.terminate()
                process.wait()
        system.stop()
    print("ended: no process is left")
    return 0


def _module(name: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **cloud_environment()}
    return subprocess.Popen([sys.executable, "-m", name], env=environment, start_new_session=True)


def _wait(process: subprocess.Popen[bytes], ended: threading.Event) -> None:
    while process.poll() is None and not ended.wait(0.2):
        continue


if __name__ == "__main__":
    sys.exit(main())
