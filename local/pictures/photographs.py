"""
Whole photographs: a truck before a lane's camera, deterministic by seed.
"""

from typing import Any, Final

import cv2
import numpy as np

from local.pictures.camera import CLEAR, Quality, expose, point_of_view
from local.pictures.canvas import Canvas, Picture, as_picture
from local.pictures.dirt import cover
from local.pictures.plate import HEIGHT as PLATE_HEIGHT
from local.pictures.plate import SCALE as PLATE_SCALE
from local.pictures.plate import WIDTH as PLATE_WIDTH
from local.pictures.plate import draw_plate
from local.pictures.scenery import ROAD, TIMES_OF_DAY, Daylight, draw_scenery, grain
from local.pictures.truck import PAINTS, PLATE_FOOT, TRAILERS, Looks, draw_truck_front

PIXELS: Final = (1440, 1080)
SCALE: Final = 0.262
"""Pixels of the photograph per millimeter at the truck's front."""
CRUST: Final = 5
"""Keeps the crust's chances apart from the scene's."""
LEAST_PLATE_LIGHT: Final = 0.72
"""A plate throws the camera's infrared flash back: it is bright at night, too."""


def draw_truck(*, plate: str, country: str = "KZ", seed: int = 0, quality: Quality = CLEAR) -> bytes:
    """
    A JPEG of a truck's front with this plate; the same arguments give the same bytes. `UnableToDrawPlateError` for a text of no layout.
    """
    return _photograph(draw_plate(plate=plate, country=country).picture, seed=seed, quality=quality)


def draw_unreadable(*, plate: str = "123ABC02", country: str = "KZ", seed: int = 0, quality: Quality = CLEAR) -> bytes:
    """
    The same, the plate covered by mud or snow so that nothing of it can be read.
    """
    chance = np.random.default_rng((seed, CRUST))
    covered = cover(draw_plate(plate=plate, country=country).picture, snow=seed % 2 == 1, chance=chance)
    return _photograph(covered, seed=seed, quality=quality)


def not_a_picture() -> bytes:
    """
    Bytes under a picture's name that are none: a page of text, as a camera sends when its login has lapsed.
    """
    return b"<html><head><title>401 Unauthorized</title></head><body>Camera: please sign in.</body></html>\n" * 40


def _photograph(plate: Picture, *, seed: int, quality: Quality) -> bytes:
    chance = np.random.default_rng(seed)
    light = TIMES_OF_DAY[int(chance.choice(len(TIMES_OF_DAY), p=[time.often for time in TIMES_OF_DAY]))]
    width, height = PIXELS[0] / SCALE, PIXELS[1] / SCALE
    canvas = Canvas(width=width, height=height, scale=SCALE)
    middle, foot = width * chance.uniform(0.44, 0.5), height * ROAD
    draw_scenery(canvas, width=width, height=height, light=light, chance=chance)
    draw_truck_front(canvas, middle=middle, foot=foot, looks=_looks(light, chance))
    view = point_of_view(width=PIXELS[0], height=PIXELS[1], quality=quality, chance=chance)
    scene = cv2.warpPerspective(grain(canvas.picture, chance=chance), view, PIXELS, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT_101)
    hung = _hung(plate, at=(middle - PLATE_WIDTH / 2, foot - PLATE_FOOT - PLATE_HEIGHT), view=view)
    return expose(_mounted(np.asarray(scene, np.uint8), plate, hung, light), quality=quality, chance=chance)


def _looks(light: Daylight, chance: np.random.Generator) -> Looks:
    return Looks(
        paint=PAINTS[int(chance.integers(len(PAINTS)))],
        trailer=TRAILERS[int(chance.integers(len(TRAILERS)))],
        slats=int(chance.choice((4, 5, 6, 8))),
        visor=bool(chance.random() < 0.5),  # noqa: PLR2004 - every second truck
        deflector=bool(chance.random() < 0.7),  # noqa: PLR2004 - most trucks
        bright=light.brightness,
        lamps=light.lamps,
    )


def _hung(plate: Picture, *, at: tuple[float, float], view: Any) -> Any:
    """
    The homography from the plate's own pixels to the photograph's.
    """
    rows, columns = plate.shape[:2]
    corners = np.array([[0, 0], [PLATE_WIDTH, 0], [PLATE_WIDTH, PLATE_HEIGHT], [0, PLATE_HEIGHT]], np.float32)
    place = ((corners + np.array(at, np.float32)) * SCALE).astype(np.float32)
    own = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    return view @ cv2.getPerspectiveTransform(own, place)


def _mounted(scene: Picture, plate: Picture, hung: Any, light: Daylight) -> Picture:
    """
    The plate in its place, shrunk smoothly first so that thin strokes do not flicker.
    """
    soft = cv2.GaussianBlur(plate, (0, 0), 0.4 * PLATE_SCALE / SCALE / 2)
    lit = soft.astype(np.float32) * max(LEAST_PLATE_LIGHT, light.brightness)
    placed = cv2.warpPerspective(lit, hung, PIXELS, flags=cv2.INTER_LINEAR)
    share = cv2.warpPerspective(np.ones(plate.shape[:2], np.float32), hung, PIXELS, flags=cv2.INTER_LINEAR)[..., None]
    return as_picture(scene * (1 - share) + placed * share)
