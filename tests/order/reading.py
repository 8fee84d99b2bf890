"""
The rules as we number them, the code that cites each, and the tests that prove each.
"""

import json
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.tidy.tree import ROOT, named

ROOMS = ("chalicelib/", "functions/", "iot/", "local/", "infra/", "web/src/")
PARAGRAPH = r"\d{1,2}(?:-\d)?(?:\.\d{1,2}(?:-\d)?)?"
CITED = re.compile(rf"§({PARAGRAPH})(?:[–-]({PARAGRAPH}))?|\b(D\d{{1,2}})\b(?:[–-](D\d{{1,2}})\b)?")
NAMED = re.compile(rf"(?:because\(\s*[\w.]+,\s*|Reason\(\s*[\w.]+,\s*|rule=|ground=|\"rule\": ?)\"({PARAGRAPH}|D\d{{1,2}})\"")


@cache
def rules():
    """
    Every paragraph, sub-paragraph and decision in the law's order: id → what it asks.
    """
    return {entry["rule"]: entry["asks"] for entry in json.loads((Path(__file__).parent / "rules.json").read_text())}


def cited_in(text):
    """
    The rules that a text cites: `§28`, `§17–20`, `D4`, and those that a refusal or a declaration names.
    """
    known = list(rules())
    found = set(NAMED.findall(text))
    for first, last, decision, last_decision in CITED.findall(text):
        start, end = first or decision, last or last_decision
        found.add(start)
        if end in known and start in known:
            found.update(rule for rule in known[known.index(start) : known.index(end) + 1] if "." not in rule)
    return found & set(known)


@cache
def places():
    """
    Where each rule lives: id → files that cite it.
    """
    found = {rule: [] for rule in rules()}
    for name in named(".py", ".ts", ".tsx", ".json", under=""):
        if name.startswith(ROOMS):
            for rule in cited_in((ROOT / name).read_text(encoding="utf-8")):
                found[rule].append(name)
    return found


@cache
def proofs():
    """
    What proves each rule, as pytest collects it: id → {test: claim}. Raises `CalledProcessError` when a test cannot be collected.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "rules.json")
        command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "tests.order.collecting", f"--rules-to={target}", "tests"]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=240)
        found = json.loads(target.read_text())
    return {rule: dict(sorted(tests.items())) for rule, tests in found.items()}
