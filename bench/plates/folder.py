"""
A folder of labeled photographs: `labels.csv` with set, file, text, country, x0, y0, x1, y1, role; the box is the plate's, in pixels.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chalicelib.contracts.plates import normalize
from iot.plate_reader.geometry import Picture

MARGIN: Final = 0.08
"""Of the plate's height, on each side of a cut-out plate."""

Box = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels."""


@dataclass(frozen=True, slots=True)
class Photo:
    """
    One photograph and the plate it is about.
    """

    group: str
    file: str
    text: str
    country: str
    box: Box


def labeled(folder: Path, *, groups: Sequence[str] = ()) -> list[Photo]:
    """
    The photographs of a folder (of some of its sets only), each with its primary plate, in the order of `labels.csv`.
    """
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as rows:
        return [
            Photo(
                group=row["set"],
                file=row["file"],
                text=normalize(row["text"]),
                country=row.get("country") or "",
                box=(int(float(row["x0"])), int(float(row["y0"])), int(float(row["x1"])), int(float(row["y1"]))),
            )
            for row in csv.DictReader(rows)
            if row.get("role", "primary") == "primary" and (not groups or row["set"] in groups)
        ]


def cut_out_plate(picture: Picture, box: Box) -> Picture:
    """
    The labeled plate with a little of what is around it.
    """
    left, top, right, bottom = box
    margin = max(1, round((bottom - top) * MARGIN))
    return picture[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin]
