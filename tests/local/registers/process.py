import re
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 30


class RegistersProcess:
    """
    `python -m local.registers` as it runs on one machine, on free ports over a given state folder.
    """

    def __init__(self, state: Path, *, clock: Path | None = None) -> None:
        command = [sys.executable, "-m", "local.registers", "--port", "0", "--outbox-port", "0", "--state", str(state)]
        command += ["--clock", str(clock)] if clock else []
        self.certificates = state / "certificates"
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        lines: Queue[str] = Queue()
        threading.Thread(target=lambda: [lines.put(line) for line in self._process.stdout], daemon=True).start()
        try:
            self.relay = self._address(lines, "https")
            self.control = self._address(lines, "http")
        except BaseException:
            self.kill()
            raise

    @staticmethod
    def _address(lines: "Queue[str]", scheme: str) -> str:
        with suppress(Empty):
            found = re.search(rf"{scheme}://\S+", lines.get(timeout=PATIENCE_SECONDS))
            if found:
                return found[0]
        raise AssertionError("local.registers did not start")

    def kill(self) -> None:
        """
        End it as a power cut would.
        """
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def stop(self) -> int:
        """
        Ask it to end; give its exit status.
        """
        self._process.terminate()
        status = self._process.wait(timeout=PATIENCE_SECONDS)
        self._process.stdout.close()
        return status
