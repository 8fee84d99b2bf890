import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HANDLERS = ("app", *sorted(f"functions.{path.parent.name}.handler" for path in (ROOT / "functions").glob("*/handler.py")))
OURS = frozenset({"app", "chalicelib", "functions"})
BUDGET = 1.25
"""Import time of a handler ÷ that of the third-party modules it loads."""
RUNS = 3
"""Fresh interpreters per handler, of which the median counts. Libraries and our code are timed in one and the same: what slows one slows the other."""
HEAVY = frozenset(
    {"stripe", "fpdf", "PIL", "segno", "httpx", "cv2", "numpy", "onnxruntime", "phonenumbers", "boto3", "requests", "fontTools"}
    | {"aws_lambda_powertools", "openapi_spec_validator", "yaml"}
)
"""Libraries that load where they are used, after the cold start."""
ABSENT = ("awscrt", "awsiot")
"""Libraries of gateways alone, that botocore would load here and cannot find in Lambda."""
BYTE_CODE = str(Path(tempfile.gettempdir()) / f"queue-byte-code-{os.getuid()}")
"""Where compiled modules lie over runs: compiling is paid once, and wherever the tests run."""

MEASURE = """
import importlib, json, sys, time
given = json.loads(sys.stdin.read())
for name in given["absent"]:
    sys.modules[name] = None
before = set(sys.modules)
spent = []
for names in given["parts"]:
    started = time.process_time()
    for name in names:
        importlib.import_module(name)
    spent.append(time.process_time() - started)
print(json.dumps({"spent": spent, "loaded": [name for name in sys.modules if name not in before]}))
"""


def run(*parts):
    """
    Import lists of modules one after another in a fresh interpreter: CPU seconds of each list, and what was loaded, in order.
    """
    given = json.dumps({"parts": parts, "absent": ABSENT})
    environment = {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": BYTE_CODE, "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], input=given, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    measured = json.loads(done.stdout.splitlines()[-1])
    return measured["spent"], measured["loaded"]


def top(module):
    return module.partition(".")[0]


def foreign(loaded):
    """
    Keep the modules that are neither ours nor Python's own.
    """
    return [name for name in loaded if top(name) not in OURS and top(name) not in sys.stdlib_module_names]


@cache
def loads(handler):
    """
    Every module that a handler's import loads. The run also writes the byte code that later runs read.
    """
    return tuple(run([handler])[1])


def compared(handler):
    """
    Seconds to import a handler's third-party modules, and seconds that the handler then adds: the run with the median ratio, and the libraries' names.
    """
    libraries = foreign(loads(handler))
    runs = sorted((run(libraries, [handler])[0] for _ in range(RUNS)), key=lambda spent: spent[1] / spent[0])
    alone, ours = runs[RUNS // 2]
    return alone, ours, sorted({top(name) for name in libraries})


class TestImportBudget:
    @pytest.mark.parametrize("handler", HANDLERS)
    def test_our_own_code_adds_at_most_a_quarter(self, handler):
        """
        A cold start waits for libraries, hardly for us.
        """
        alone, ours, names = compared(handler)
        whole = alone + ours
        print(f"{handler}: {whole * 1000:.0f} ms ÷ {alone * 1000:.0f} ms = {whole / alone:.2f}; loads {', '.join(names)}")  # noqa: T201 - figures to be seen

        assert whole <= BUDGET * alone

    @pytest.mark.parametrize("handler", HANDLERS)
    def test_heavy_libraries_wait_until_they_are_used(self, handler):
        """
        Payments, paper, pictures, telephone numbers, HTTP and AWS clients load with the first call that needs them.
        """
        assert set() == HEAVY & {top(name) for name in loads(handler)}

    @pytest.mark.parametrize("handler", HANDLERS)
    def test_nothing_is_loaded_that_lambda_does_not_have(self, handler):
        """
        Every library comes from requirements.txt; Chalice's own runtime is packaged by Chalice.
        """
        locked = {line.partition("==")[0] for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line}
        owners = metadata.packages_distributions()
        needed = {owner.lower().replace("_", "-") for name in foreign(loads(handler)) for owner in owners.get(top(name), ())}

        assert {"chalice"} >= needed - locked
