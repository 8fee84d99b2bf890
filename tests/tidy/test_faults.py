"""
A fault is caught by its name; a net under everything hangs only where a process must outlive it.
"""

import ast

from tests.tidy import tree

BROAD = frozenset({"Exception", "BaseException"})
REVIEWED = {
    "chalicelib/api/serving.py": "whatever a handler raises is logged and answered as problem+json: a client never sees a stack",
    "chalicelib/usecases/deliver_outbox.py": "a failure is kept with its row, which is tried again and then parked with an alarm",
    "functions/receive_uplink/handler.py": "a poison record is reported as failed, so that the others of its batch are kept",
    "iot/kit/link.py": "the IPC SDK raises shapes of its own; a component goes on without that answer",
    "iot/kit/process.py": "a thread's fault ends the whole component, so that the nucleus starts it anew",
    "iot/plate_reader/component.py": "whatever a picture does to the networks, the lane goes on with an unreadable plate",
    "local/front/application.py": "as in `serving`: the front answers, and logs",
    "local/greengrass/ipc.py": "a component's odd message must not end the host of all components",
    "chalicelib/usecases/run_step.py": "one broken booking keeps no other back; all failures are raised together at the end",
    "chalicelib/usecases/run_together.py": "as in `run_step`; what cannot be committed together is committed one by one",
    "local/runner/agenda.py": "a step that failed for one booking is logged; the day's other work and the clock go on",
    "local/runner/uplink.py": "gateways must be heard again when an engine that died is back, whatever it answered while dying",
    "local/supervisor/child.py": "what must follow a restart is tried until it is done; the log says why it was not",
    "local/runner/__main__.py": "the schedule outlives an engine that is away",
    "tests/workflows/interpreter.py": "what a handler raised is what Lambda answers of it",
    "tests/fakes/gathering.py": "what a thread raised is handed to the thread that waits for it, and raised there",
}
"""Where a broad `except` that goes on was read and found right, and why."""


def swallowed(handler):
    """
    Whether a handler is broad and does not end by raising.
    """
    names = {ast.unparse(node) for node in ast.walk(handler.type)} if handler.type else {"BaseException"}
    return bool(names & BROAD) and not isinstance(handler.body[-1], ast.Raise)


def nets():
    """
    The files with a broad `except` that goes on, and its line.
    """
    return [
        (name, node.lineno)
        for name in tree.named(".py")
        for node in ast.walk(tree.tree(name))
        if isinstance(node, ast.ExceptHandler) and swallowed(node)
    ]


class TestFaults:
    def test_are_caught_by_name_outside_the_reviewed_places(self):
        """
        A broad `except` that neither ends by raising nor stands on the reviewed list fails.
        """
        assert not [f"{name}:{line}" for name, line in nets() if name not in REVIEWED]

    def test_no_reviewed_place_is_left_on_the_list_without_need(self):
        """
        Where the net was taken down, its reason goes too.
        """
        assert not REVIEWED.keys() - {name for name, _ in nets()}

    def test_no_handler_passes_in_silence(self):
        """
        A broad `except` whose whole body is `pass` is nowhere.
        """
        silent = [
            f"{name}:{node.lineno}"
            for name in tree.named(".py")
            for node in ast.walk(tree.tree(name))
            if isinstance(node, ast.ExceptHandler) and swallowed(node) and all(isinstance(item, ast.Pass) for item in node.body)
        ]

        assert not silent
