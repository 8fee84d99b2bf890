"""
Every code that the system can state is stated somewhere, or reserved for what is still to come.
"""

import ast

from chalicelib.domain.decisions import Code
from tests.tidy import tree

RESERVED = {
    Code.BARRIER_BUSY: "an officer's command meanwhile another is under way comes with the whole officers' console (D26)",
}
"""Codes fixed by the HTTP contract whose rule is not built yet, and what will raise them."""

SPEAKERS = frozenset({"Code", "DecisionReason"})
"""The domain's codes, and the same ones as gateways spell them."""


def stated():
    """
    The codes named in code that runs; naming one in an endpoint's `problems` declares it and does not raise it.
    """
    return {
        found
        for name in tree.named(".py")
        if name.startswith(("chalicelib/", "functions/", "iot/", "local/"))
        for found in _named(tree.tree(name))
    }


def _named(node):
    if isinstance(node, ast.keyword) and node.arg == "problems":
        return
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in SPEAKERS:
        yield node.attr
    for child in ast.iter_child_nodes(node):
        yield from _named(child)


class TestCodes:
    def test_each_is_stated_or_reserved(self):
        """
        A code that nothing raises is either reserved, with what will raise it, or superfluous.
        """
        known = stated()

        assert not [code.value for code in Code if code.value not in known and code not in RESERVED]

    def test_none_is_reserved_that_is_stated_already(self):
        """
        A code leaves the list of reserved ones with the first line that raises it.
        """
        known = stated()

        assert not [code.value for code in RESERVED if code.value in known]
