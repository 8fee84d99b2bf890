"""
Faces: for every character a mask 64 pixels of cap height, drawn from strokes of our own or rendered from freely licensed fonts.
"""

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from local.pictures.glyphs import GLYPHS, outline, points

Mask = NDArray[np.uint8]
"""How much ink each pixel has, 0–255."""

CAP: Final = 64
"""Pixels from the base line to the top of an H."""
ROOM: Final = 14
"""Pixels above and below, for strokes and tails."""
SHAPES: Final[dict[str, tuple[str, ...]]] = {
    "1": ("flag", "foot", "plain"),
    "4": ("closed", "open"),
    "7": ("straight", "bent"),
    "3": ("round", "flat"),
    "6": ("straight", "round"),
    "9": ("straight", "round"),
    "0": ("bowl", "oval", "box"),
    "O": ("bowl", "oval"),
    "I": ("bar", "serif"),
    "J": ("hook", "roof"),
    "M": ("deep", "shallow", "narrow", "splayed"),
    "W": ("tall", "low", "narrow", "upright", "middle"),
    "U": ("round", "box"),
    "D": ("round", "round", "round", "box"),
    "Y": ("fork", "fork"),
}
"""Characters that plates of different countries draw differently; the first is how `local.pictures.glyphs` has it."""
BROAD: Final = "MW"
"""What some faces draw hardly broader than other letters, and then with thinner strokes."""
OTHERS: Final[dict[tuple[str, str], tuple[tuple[Any, ...], ...]]] = {
    ("1", "foot"): (((0.0, 0.24), (0.24, 0.0), (0.24, 1.0)), ((0.0, 1.0), (0.48, 1.0))),
    ("1", "plain"): (((0.0, 0.16), (0.2, 0.0), (0.2, 1.0)),),
    ("4", "open"): (((0.2, 0.0), (0.0, 0.62), (0.54, 0.62)), ((0.4, 0.34), (0.4, 1.0))),
    ("7", "bent"): (((0.0, 0.0), (0.5, 0.0), (0.26, 0.45), (0.2, 1.0)),),
    ("3", "flat"): (((0.02, 0.0), (0.47, 0.0), (0.22, 0.4), (0.25, 0.69, 0.26, 0.31, -80, 160)),),
    ("6", "round"): (((0.27, 0.25, 0.26, 0.25, -20, -180), (0.27, 0.73, 0.26, 0.27, 180, 540)),),
    ("9", "round"): (((0.26, 0.27, 0.26, 0.27, 360, 0), (0.26, 0.75, 0.26, 0.25, 0, 160)),),
    ("0", "oval"): (((0.27, 0.5, 0.27, 0.5, -90, 270),),),
    ("0", "box"): (((0.13, 0.13, 0.13, 0.13, 180, 270), (0.35, 0.13, 0.13, 0.13, 270, 360), (0.35, 0.87, 0.13, 0.13, 0, 90), (0.13, 0.87, 0.13, 0.13, 90, 180), (0.0, 0.13)),),
    ("O", "oval"): (((0.32, 0.5, 0.32, 0.5, -90, 270),),),
    ("I", "serif"): (((0.15, 0.0), (0.15, 1.0)), ((0.0, 0.0), (0.3, 0.0)), ((0.0, 1.0), (0.3, 1.0))),
    ("J", "roof"): (((0.1, 0.0), (0.42, 0.0), (0.21, 0.78, 0.21, 0.22, 0, 170)),),
    ("M", "shallow"): (((0.0, 1.0), (0.0, 0.0), (0.32, 0.45), (0.64, 0.0), (0.64, 1.0)),),
    ("M", "narrow"): (((0.0, 1.0), (0.0, 0.0), (0.26, 0.72), (0.52, 0.0), (0.52, 1.0)),),
    ("M", "splayed"): (((0.0, 1.0), (0.08, 0.0), (0.33, 0.78), (0.58, 0.0), (0.66, 1.0)),),
    ("W", "narrow"): (((0.0, 0.0), (0.15, 1.0), (0.31, 0.0), (0.47, 1.0), (0.62, 0.0)),),
    ("W", "upright"): (((0.0, 0.0), (0.06, 1.0), (0.32, 0.35), (0.58, 1.0), (0.64, 0.0)),),
    ("W", "middle"): (((0.0, 0.0), (0.17, 1.0), (0.36, 0.22), (0.55, 1.0), (0.72, 0.0)),),
    ("W", "low"): (((0.0, 0.0), (0.2, 1.0), (0.4, 0.5), (0.6, 1.0), (0.8, 0.0)),),
    ("U", "box"): (((0.0, 0.0), (0.14, 0.86, 0.14, 0.14, 180, 90), (0.4, 0.86, 0.14, 0.14, 90, 0), (0.54, 0.0)),),
    ("D", "box"): (((0.0, 0.0), (0.38, 0.14, 0.14, 0.14, 270, 360), (0.38, 0.86, 0.14, 0.14, 0, 90), (0.0, 1.0), (0.0, 0.0)),),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Face:
    """
    One way to draw all characters; masks are `CAP + 2 × ROOM` high and as wide as the character's ink.
    """

    name: str
    masks: dict[str, Mask]


def stroke_face(random: Random, *, name: str) -> Face:
    """
    A face of strokes with its own proportions, weight and variants.
    """
    weight = random.uniform(7.0, 13.5)
    wide = random.uniform(0.82, 1.2)
    chosen = {character: random.choice(shapes) for character, shapes in SHAPES.items()}
    chosen["9"] = chosen["6"]
    if chosen["0"] == "box":
        chosen["D"] = "round"
    masks = {}
    for character in GLYPHS:
        chains = _chains(character, chosen.get(character))
        broad = character in BROAD
        each = wide * random.uniform(0.86 if broad else 0.95, 1.06)
        masks[character] = _drawn(chains, weight=weight * (random.uniform(0.66, 1.0) if broad else 1.0), wide=each)
    return Face(name, masks)


def font_face(path: Path, *, characters: str) -> Face:
    """
    A face of a font file; raises `OSError` where FreeType cannot read it.
    """
    probe = ImageFont.truetype(str(path), 200).getbbox("H")
    font = ImageFont.truetype(str(path), round(200 * CAP / (probe[3] - probe[1])))
    masks = {}
    for character in characters:
        left, _, right, _ = font.getbbox(character, anchor="ls")
        picture = Image.new("L", (max(2, int(right - left)), CAP + 2 * ROOM), 0)
        ImageDraw.Draw(picture).text((-left, ROOM + CAP), character, fill=255, font=font, anchor="ls")
        masks[character] = np.asarray(picture, np.uint8).copy()
    return Face(path.stem, masks)


def _chains(character: str, shape: str | None) -> list[list[tuple[float, float]]]:
    strokes = OTHERS.get((character, shape or ""))
    return outline(character) if strokes is None else [points(stroke) for stroke in strokes]


def _drawn(chains: list[list[tuple[float, float]]], *, weight: float, wide: float) -> Mask:
    tall = CAP - weight
    right = max(x for chain in chains for x, _ in chain) * tall * wide
    picture = np.zeros((CAP + 2 * ROOM, max(2, round(right + weight))), np.uint8)
    for chain in chains:
        path = [[weight / 2 + x * tall * wide, ROOM + weight / 2 + y * tall] for x, y in chain]
        cv2.polylines(
            picture,
            [np.round(np.array(path) * 16).astype(np.int32)],
            isClosed=False,
            color=255,
            thickness=round(weight),
            lineType=cv2.LINE_AA,
            shift=4,
        )
    return picture
