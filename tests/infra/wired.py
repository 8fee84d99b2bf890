"""
Which ports a step's use cases are wired to, read from the source: handler → builders of `chalicelib.wiring` → `parts("…")` and `store().…`.
"""

import ast
from functools import cache

from infra.package import ROOT
from infra.rights import PORTS

WIRING = (
    "bank",
    "cabinets",
    "fees",
    "money",
    "nightly",
    "orders",
    "provider",
    "sanctions",
    "settlements",
    "site",
    "steps",
    "tasks",
    "users",
)


def ports_of(step):
    """
    Name every port that a step can reach.
    """
    handler = ast.parse((ROOT / "functions" / step / "handler.py").read_text())
    builders = {node.attr for node in ast.walk(handler) if isinstance(node, ast.Attribute) and _is_name(node.value, "wiring")}
    return frozenset(_ports(handler).union(*(reached(builder) for builder in builders)))


@cache
def reached(builder, seen=frozenset()):
    """
    Name the ports of a builder and of all builders that it calls.
    """
    body = builders().get(builder)
    if body is None or builder in seen:
        return frozenset()
    called = {node.id for node in ast.walk(body) if isinstance(node, ast.Name)} | {
        node.attr
        for node in ast.walk(body)
        if isinstance(node, ast.Attribute) and _is_name(node.value, "money", "orders", "sanctions", "site", "users")
    }
    return frozenset(_ports(body).union(*(reached(name, seen | {builder}) for name in called)))


@cache
def builders():
    """
    Parse the functions of the wiring, by name.
    """
    trees = [ast.parse((ROOT / "chalicelib" / "wiring" / f"{name}.py").read_text()) for name in WIRING]
    return {node.name: node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}


def _ports(tree):
    named = {
        argument.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _is_name(node.func, "parts")
        for argument in node.args
        if isinstance(argument, ast.Constant)
    }
    of_the_store = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call) and _calls_store(node.value)
    }
    return (named | of_the_store) & set(PORTS)


def _calls_store(call):
    return _is_name(call.func, "store") or (isinstance(call.func, ast.Attribute) and call.func.attr == "store")


def _is_name(node, *names):
    return isinstance(node, ast.Name) and node.id in names
