"""
A pytest plugin that tells which tests prove which rule: `pytest --collect-only -p tests.order.collecting --rules-to FILE`.
"""

import inspect
import json
from pathlib import Path


def pytest_addoption(parser):
    """
    Take the file to write to.
    """
    parser.addoption("--rules-to", type=Path, help="write rule → {test: claim} as JSON")


def pytest_collection_finish(session):
    """
    Write every rule with its tests, a parametrized one once, each with the claim of its docstring.
    """
    target = session.config.getoption("--rules-to")
    if target is None or hasattr(session.config, "workerinput"):
        return
    found = {}
    for item in session.items:
        claim = " ".join((inspect.getdoc(getattr(item, "function", None)) or "").split())
        for mark in item.iter_markers("rule"):
            for rule in mark.args:
                found.setdefault(rule, {})[item.nodeid.partition("@")[0].partition("[")[0]] = claim
    target.write_text(json.dumps(found, ensure_ascii=False))
