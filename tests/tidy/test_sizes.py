"""
Files, functions and handlers stay small enough to be read at once.
"""

from statistics import quantiles

from tests.tidy import tree

FILE_LINES = 300
FUNCTION_LINES = 50
USUAL_FUNCTION_LINES = 30
HANDLER_LINES = 12
CODE = (".py", ".ts", ".tsx", ".js", ".mjs", ".css")


def too_long(functions, limit):
    """
    The functions over a limit, longest first.
    """
    return [f"{found.name}: {found.lines}" for found in sorted(functions, key=lambda found: -found.lines) if found.lines > limit]


class TestSizes:
    def test_no_file_is_over_300_lines(self):
        """
        A file that needs more is two things.
        """
        counted = {name: len((tree.text(name) or "").splitlines()) for name in tree.named(*CODE)}

        assert not {name: lines for name, lines in counted.items() if lines > FILE_LINES}

    def test_no_function_is_over_50_lines(self):
        """
        Anywhere, tests included; a docstring is not counted.
        """
        assert not too_long(tree.functions(), FUNCTION_LINES)

    def test_nine_of_ten_functions_of_the_house_have_at_most_30_lines(self):
        """
        The ninth decile over `chalicelib`.
        """
        lengths = [found.lines for found in tree.functions() if found.file.startswith("chalicelib/")]

        assert quantiles(lengths, n=10)[-1] <= USUAL_FUNCTION_LINES

    def test_endpoints_and_steps_have_at_most_12_lines(self):
        """
        A handler asks one use case and shapes its answer: functions under `@operation`, and every `handler` of `functions/`.
        """
        endpoints = [found for found in tree.functions() if found.file.startswith("chalicelib/api/") and "operation" in found.decorators]
        steps = [found for found in tree.functions() if found.file.startswith("functions/") and found.node.name == "handler"]

        assert endpoints
        assert steps
        assert not too_long([*endpoints, *steps], HANDLER_LINES)
