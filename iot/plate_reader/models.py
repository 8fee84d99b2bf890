"""
The reader's own networks, run by ONNX Runtime on one thread: nothing is downloaded, nothing is logged.

How they were made is in `training/plates`; what they can and cannot do is in `docs/plates.md`.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

FOLDER: Final = Path(__file__).with_name("weights")
FINDER: Final = "finder"
CORNERS: Final = "corners"
READER: Final = "reader"

Floats = NDArray[np.float32]


class ModelMissingError(RuntimeError):
    """
    A network's file is not beside the code.
    """


class Network:
    """
    One network with one input.
    """

    def __init__(self, *, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # pictures differ in size: an arena would only grow
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(str(path), sess_options=options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def run(self, batch: Floats) -> tuple[Floats, ...]:
        """
        The network's answers to a batch of normalized pictures (N × 3 × height × width).
        """
        answers: Any = self._session.run(None, {self._input: batch})
        return tuple(np.asarray(answer, np.float32) for answer in answers)


@lru_cache(maxsize=3)
def load(name: str) -> Network:
    """
    Load a network once per process; raises `ModelMissingError`.
    """
    path = FOLDER / f"{name}.onnx"
    if not path.is_file():
        raise ModelMissingError(f"{path.name} is not in {FOLDER}")
    return Network(path=path)
