"""
Form fields as Stripe takes them: `metadata[a]=b`, `expand[]=x`, `expand[0]=x`.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

from local.payments.problems import invalid

FIELD = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
FIELDS_MAX = 200
DEPTH_MAX = 5


def read_form(text: str) -> dict[str, Any]:
    """
    Read form or query fields into dicts, lists and strings. Raises StripeError for what is no such form.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict")
    except ValueError as error:
        raise invalid("Invalid request body.") from error
    tree: dict[str, Any] = {}
    for name, value in pairs:
        _plant(tree, steps=_steps(name), value=value)
    return {name: _settled(branch) for name, branch in tree.items()}


def _steps(name: str) -> list[str]:
    match = FIELD.fullmatch(name)
    if match is None:
        raise invalid(f"Invalid parameter name: {name[:40]}", code="parameter_unknown")
    steps = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
    if len(steps) > DEPTH_MAX:
        raise invalid("Too many levels of parameters.", param=match[1])
    return steps


def _plant(tree: dict[str, Any], *, steps: list[str], value: str) -> None:
    branch = tree
    for step in steps[:-1]:
        branch = branch.setdefault(step, {})
        if not isinstance(branch, dict):
            raise invalid("Invalid object", param=steps[0])
    branch[steps[-1] or str(len(branch))] = value


def _settled(branch: Any) -> Any:
    """
    A branch whose names are all numbers is a list.
    """
    if not isinstance(branch, dict):
        return branch
    if branch and all(name.isdecimal() for name in branch):
        return [_settled(branch[name]) for name in sorted(branch, key=int)]
    return {name: _settled(leaf) for name, leaf in branch.items()}
