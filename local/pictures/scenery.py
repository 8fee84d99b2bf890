"""
The place where a lane's camera looks: steppe, sky and road by day or night, an inspector's booth and the gate's canopy.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from local.pictures.canvas import Canvas, Color, Picture, as_picture, shade

HORIZON: Final = 0.5
"""Share of the sheet above the horizon."""
ROAD: Final = 0.885
"""Where the truck's wheels stand."""


@dataclass(frozen=True, slots=True)
class Daylight:
    """
    Sky from top to horizon, ground, and how much light falls on things (1: noon).
    `often` is its share of the photographs.
    """

    name: str
    often: float
    sky: tuple[Color, Color]
    ground: Color
    brightness: float
    lamps: float


TIMES_OF_DAY: Final = (
    Daylight("noon", 0.35, ((86, 146, 205), (205, 222, 232)), (186, 172, 138), 1.0, 0.0),
    Daylight("morning", 0.2, ((142, 170, 205), (246, 216, 180)), (164, 150, 122), 0.92, 0.15),
    Daylight("overcast", 0.19, ((150, 158, 166), (206, 210, 212)), (146, 146, 138), 0.88, 0.2),
    Daylight("dusk", 0.13, ((52, 62, 104), (236, 150, 104)), (84, 76, 76), 0.62, 0.6),
    Daylight("night", 0.13, ((8, 11, 24), (26, 32, 52)), (30, 30, 36), 0.38, 1.0),
)


def draw_scenery(canvas: Canvas, *, width: float, height: float, light: Daylight, chance: np.random.Generator) -> None:
    """
    Everything behind and beside the truck.
    """
    horizon = height * HORIZON
    canvas.shaded([(0, 0), (width, 0), (width, horizon + 5), (0, horizon + 5)], *light.sky)
    _hills(canvas, width, horizon, light, chance)
    canvas.shaded([(0, horizon), (width, horizon), (width, height), (0, height)], shade(light.ground, 0.9), shade(light.ground, 1.06))
    _road(canvas, width, height, light)
    _booth(canvas, width * chance.uniform(0.83, 0.88), height * 0.8, light)
    _canopy(canvas, width, height, light)


def grain(picture: Picture, *, chance: np.random.Generator) -> Picture:
    """
    The unevenness of asphalt, paint and air: soft blotches over the whole sheet.
    """
    rows, columns = picture.shape[:2]
    blotches = cv2.resize(
        chance.normal(0, 3.0, (rows // 24, columns // 24)).astype(np.float32), (columns, rows), interpolation=cv2.INTER_LINEAR
    )
    return as_picture(picture.astype(np.float32) + blotches[..., None])


def _hills(canvas: Canvas, width: float, horizon: float, light: Daylight, chance: np.random.Generator) -> None:
    for depth, rise in ((0.72, 620.0), (0.55, 330.0)):
        xs = np.linspace(0, width, 13)
        heights = horizon - rise * chance.uniform(0.25, 1.0, 13)
        color = tuple(round(sky * depth + earth * (1 - depth) * 0.7) for sky, earth in zip(light.sky[1], light.ground, strict=True))
        ridge = [(float(x), float(y)) for x, y in zip(xs, heights, strict=True)]
        canvas.polygon([(0, horizon + 10), *ridge, (width, horizon + 10)], (color[0], color[1], color[2]))


def _road(canvas: Canvas, width: float, height: float, light: Daylight) -> None:
    horizon, middle = height * HORIZON, width / 2
    asphalt = shade((96, 98, 102), 0.35 + 0.65 * light.brightness)
    far, near = 520.0, 3300.0
    canvas.shaded(
        [(middle - far, horizon), (middle + far, horizon), (middle + near, height), (middle - near, height)], shade(asphalt, 1.12), asphalt
    )
    paint = shade((235, 235, 225), 0.3 + 0.7 * light.brightness)
    for side in (-1, 1):
        edge = [(middle + side * far * 0.9, horizon), (middle + side * far * 0.94, horizon)]
        canvas.polygon([*edge, (middle + side * near * 0.8, height), (middle + side * near * 0.75, height)], paint)
    for step in range(6):
        y = height * (ROAD + 0.01) + step * 4
        canvas.stroke([(middle - 900, y + 260), (middle + 900, y + 260)], shade(asphalt, 0.97), width=6)


def _booth(canvas: Canvas, x: float, foot: float, light: Daylight) -> None:
    wall = shade((226, 228, 222), 0.25 + 0.75 * light.brightness)
    canvas.box(x, foot - 2350, 1500, 2350, wall)
    canvas.box(x - 90, foot - 2450, 1700, 150, shade((0, 120, 150), 0.3 + 0.7 * light.brightness))
    glass = (250, 226, 160) if light.lamps > 0.5 else shade((110, 140, 158), light.brightness)  # noqa: PLR2004 - lamps are on
    canvas.box(x + 120, foot - 2050, 620, 900, glass)
    canvas.box(x + 120, foot - 1150, 900, 50, shade(wall, 0.8))
    for stripe in range(5):
        canvas.box(x - 330, foot - 900 + stripe * 180, 110, 90, shade((214, 40, 44), 0.3 + 0.7 * light.brightness))
        canvas.box(x - 330, foot - 810 + stripe * 180, 110, 90, shade((240, 240, 240), 0.3 + 0.7 * light.brightness))


def _canopy(canvas: Canvas, width: float, height: float, light: Daylight) -> None:
    steel = shade((168, 174, 180), 0.25 + 0.75 * light.brightness)
    canvas.box(width * 0.035, 0, 150, height * 0.82, steel)
    canvas.box(width * 0.035 - 60, height * 0.8, 270, 220, shade((200, 190, 80), 0.3 + 0.7 * light.brightness))
    canvas.shaded([(0, 0), (width, 0), (width, 170), (0, 170)], shade(steel, 0.7), shade(steel, 1.05))
    for at in (0.2, 0.5, 0.8):
        canvas.box(width * at - 260, 150, 520, 36, (250, 250, 240) if light.lamps else shade(steel, 1.15))
        canvas.light((width * at, 170), 1500, (255, 248, 225), strength=0.45 * light.lamps)
