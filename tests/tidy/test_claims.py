"""
Every test says its claim and can fail.
"""

import ast

from tests.tidy import tree

RAISING = frozenset({"raises", "warns", "fail", "deprecated_call", "AssertionError", "expect"})
"""What fails a test beside `assert`: pytest's own, and the browser's `expect`."""


def claims():
    """
    Every test function of the suite.
    """
    return [
        found
        for found in tree.functions()
        if found.file.startswith("tests/") and found.file.rpartition("/")[2].startswith("test_") and found.node.name.startswith("test_")
    ]


def calls(node):
    """
    The last names of whatever is called in a function.
    """
    called = (item.func for item in ast.walk(node) if isinstance(item, ast.Call))
    return {name for func in called for name in [getattr(func, "attr", None) or getattr(func, "id", None)] if name}


def asserts(node):
    """
    Whether a function itself states something that can be untrue.
    """
    return any(isinstance(item, ast.Assert) for item in ast.walk(node)) or any(
        name in RAISING or name.startswith("assert_") for name in calls(node)
    )


class TestClaims:
    def test_every_test_says_its_claim(self):
        """
        A docstring on every test function.
        """
        assert not [found.name for found in claims() if not ast.get_docstring(found.node)]

    def test_every_test_can_fail(self):
        """
        An assertion in the test, or in a function of the suite that it calls.
        """
        proving = {found.node.name for found in tree.functions() if found.file.startswith("tests/") and asserts(found.node)}

        assert not [found.name for found in claims() if not asserts(found.node) and not calls(found.node) & proving]

    def test_no_test_is_hidden_by_another_of_its_name(self):
        """
        Two tests of one name in one class: the first would never run.
        """
        hidden = []
        for name in tree.named(".py", under="tests/"):
            for scope in ast.walk(tree.tree(name)):
                if isinstance(scope, ast.Module | ast.ClassDef):
                    seen = [item.name for item in scope.body if isinstance(item, tree.Function) and item.name.startswith("test_")]
                    hidden += [f"{name} {twice}" for twice in {item for item in seen if seen.count(item) > 1}]

        assert not hidden
