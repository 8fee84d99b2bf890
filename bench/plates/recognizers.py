"""
The readers that are measured, each as two callables: a whole photograph, and a cut-out plate, to its readings, best first.

A reader is loaded within its own process, so that one's memory and threads are not another's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bench.plates.folder import Box
from bench.plates.lines import around, rectangle
from bench.plates.plain import UNKNOWN, Piece, Plate, plates_in
from chalicelib.contracts.passages import Reading
from iot.plate_reader.geometry import Picture

Found = tuple[Reading, Box]
"""A reading as the gate gets it, and where in the picture."""

Look = Callable[[Picture], Sequence[Found]]


@dataclass(frozen=True, slots=True)
class Recognizer:
    """
    A reader by name.
    """

    name: str
    photo: Look
    crop: Look


def ours() -> Recognizer:
    """
    The plate reader of this repository, by its public entry points.
    """
    from iot.plate_reader import PlateReading, read, read_crop  # noqa: PLC0415 - loads networks: only in the process that measures it

    def told(readings: Sequence[PlateReading]) -> list[Found]:
        return [(Reading(item.text, item.country, item.confidence, item.char_confidences), item.box) for item in readings]

    return Recognizer("ours", lambda picture: told(read(picture)), lambda picture: told(read_crop(picture)))


def rapidocr() -> Recognizer:
    """
    RapidOCR 3 with the networks and settings it ships with, on one thread, its lines understood by our table of plate formats.
    """
    from rapidocr import RapidOCR  # noqa: PLC0415 - imported only where it is measured

    def told(plates: Sequence[Plate]) -> list[Found]:
        return [(Reading(plate.text, plate.country, plate.confidence), plate.quad.bounds) for plate in plates]

    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def lines(picture: Picture) -> list[Piece]:
        answer = engine(picture, use_det=True, use_cls=True)
        if answer.boxes is None or answer.txts is None:
            return []
        return [
            Piece(text, float(score), around(np.asarray(box, np.float32)))
            for box, text, score in zip(answer.boxes, answer.txts, answer.scores, strict=True)
        ]

    def one_line(picture: Picture) -> list[Piece]:
        answer = engine(picture, use_det=False, use_cls=False)
        height, width = picture.shape[:2]
        return [
            Piece(text, float(score), rectangle(width=width, height=height))
            for text, score in zip(answer.txts or (), answer.scores or (), strict=True)
        ]

    def photo(picture: Picture) -> list[Found]:
        return told(plates_in(lines(picture)))

    def crop(picture: Picture) -> list[Found]:
        """
        As one line, which suits most cut-out plates; where that fits no format, as a picture in which lines are to be found.
        """
        found = plates_in(one_line(picture))
        return told(found) if found and found[0].country != UNKNOWN else told([*plates_in(lines(picture)), *found])

    return Recognizer("RapidOCR", photo, crop)


RECOGNIZERS: Final[dict[str, Callable[[], Recognizer]]] = {"ours": ours, "rapidocr": rapidocr}
"""By the name given on the command line."""
