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
RUNS, MOST_RUNS = 2, 20
"""Runs of each kind, of which the fastest counts; more while the budget looks broken: a busy machine only ever makes a run slower."""
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
started = time.process_time()
for name in given["modules"]:
    importlib.import_module(name)
spent = time.process_time() - started
print(json.dumps({"spent": spent, "loaded": [name for name in sys.modules if name not in before]}))
"""


def run(modules):
    """
    Import modules in a fresh interpreter: CPU seconds, and what was loaded, in order.
    """
    given = json.dumps({"modules": modules, "absent": ABSENT})
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
    Seconds to import a handler, and to import its third-party modules alone, by turns: a busy machine slows both, and the fastest of each counts.
    """
    libraries = foreign(loads(handler))
    whole, alone = [], []
    while len(whole) < RUNS or (min(whole) > BUDGET * min(alone) and len(whole) < MOST_RUNS):
        alone.append(run(libraries)[0])
        whole.append(run([handler])[0])
    return min(whole), min(alone), sorted({top(name) for name in libraries})


class TestImportBudget:
    @pytest.mark.parametrize("handler", HANDLERS)
    def test_our_own_code_adds_at_most_a_quarter(self, handler):
        """
        A cold start waits for libraries, hardly for us.
        """
        whole, alone, names = compared(handler)
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
