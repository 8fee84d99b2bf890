"""
The two networks that come inside the rapidocr package, run by ONNX Runtime directly: nothing is downloaded, nothing is logged.

PP-OCRv6 "small" detection and recognition, Apache License 2.0.
"""

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

DETECTION: Final = "PP-OCRv6_det_small.onnx"
RECOGNITION: Final = "PP-OCRv6_rec_small.onnx"
THREADS: Final = 2
"""A gateway has few cores and other work to do."""

Floats = NDArray[np.float32]


class ModelMissingError(RuntimeError):
    """
    The rapidocr package is absent or does not hold the network that this reader was made for.
    """


class Network:
    """
    One network with one input and one output.
    """

    def __init__(self, *, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # pictures differ in size: an arena would only grow
        options.log_severity_level = 4
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads give the core back
        self._session = onnxruntime.InferenceSession(str(path), sess_options=options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    @property
    def characters(self) -> tuple[str, ...]:
        """
        The characters that a recognition network knows, in the order of its classes after the blank.
        """
        return tuple(self._session.get_modelmeta().custom_metadata_map["character"].splitlines())

    def run(self, batch: Floats) -> Floats:
        """
        The network's answer to a batch of normalized pictures (N × 3 × height × width).
        """
        answer: Any = self._session.run(None, {self._input: batch})[0]
        return np.asarray(answer, np.float32)


@lru_cache(maxsize=2)
def load(name: str) -> Network:
    """
    Load a network once per process; raises `ModelMissingError`.
    """
    package = importlib.util.find_spec("rapidocr")  # found, not imported: its import takes a second and sets up logging
    for folder in (package.submodule_search_locations or ()) if package else ():
        path = Path(folder) / "models" / name
        if path.is_file():
            return Network(path=path)
    raise ModelMissingError(f"{name} is not in the installed rapidocr package")


def as_batch(picture: NDArray[np.uint8]) -> Floats:
    """
    One picture (height × width × 3) as the networks want it: values −1…1, channels first.
    """
    scaled = picture.astype(np.float32) * (2 / 255) - 1
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])
