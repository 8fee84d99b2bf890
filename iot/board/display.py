"""
What a board is shown on: the protocol a real display implements, and a file for one machine.
"""

from pathlib import Path
from typing import Protocol

from chalicelib.contracts.boards import BoardView
from chalicelib.contracts.messages import to_json
from iot.kit.files import write_atomically


class UnableToDisplayError(Exception):
    """
    The display did not take the view.
    """


class Display(Protocol):
    """
    Shows a view until the next one.
    """

    def show(self, view: BoardView) -> None:
        """
        Show it; `UnableToDisplayError`.
        """
        ...


class FileDisplay:
    """
    Writes the view as JSON (`BoardView`) into a file, in one step.
    """

    def __init__(self, *, file: Path) -> None:
        self._file = file

    def show(self, view: BoardView) -> None:
        """
        Replace the file.
        """
        try:
            write_atomically(self._file, to_json(view))
        except OSError as error:
            raise UnableToDisplayError(type(error).__name__) from error
