"""
No request path reads a whole table.
"""

import ast

from tests.tidy import tree

MAY_SCAN = frozenset({"chalicelib/usecases/export.py", "chalicelib/usecases/audit.py", "chalicelib/store/scanning.py"})
"""Export and audit alone read everything there is (architecture: keys and work to do)."""


class TestReading:
    def test_nothing_of_the_house_scans_a_table(self):
        """
        No call of a method `scan` in `chalicelib` and `functions`, whatever its object.
        """
        scans = [
            f"{name}:{node.lineno}"
            for name in tree.named(".py")
            if name.startswith(("chalicelib/", "functions/")) and name not in MAY_SCAN
            for node in ast.walk(tree.tree(name))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"scan", "rate_limited_scan"}
        ]

        assert not scans
