"""
What a lane's camera makes of a scene: a view from the side and above, blur, noise, JPEG.
"""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

from local.pictures.canvas import Picture, as_picture


@dataclass(frozen=True, slots=True)
class Quality:
    """
    How good the photograph is: blur and noise in pixels and gray levels (standard deviations), JPEG quality 1–100, how far off center the camera hangs (0–1).
    """

    blur: float = 0.6
    noise: float = 3.0
    jpeg: int = 88
    tilt: float = 0.35


CLEAR: Final = Quality()
POOR: Final = Quality(blur=1.3, noise=9.0, jpeg=55, tilt=0.8)


def point_of_view(*, width: int, height: int, quality: Quality, chance: np.random.Generator) -> Any:
    """
    The homography of a camera that hangs a little aside and above: the scene's corners move by up to a tenth of its size.
    """
    shift = quality.tilt * 0.1
    moved = chance.uniform(-shift, shift, (4, 2)) * (width, height)
    turn = np.radians(chance.uniform(-4, 4) * quality.tilt)
    middle = np.array([width / 2, height / 2])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    outward = (corners - middle) @ spin * (1 + shift) + middle
    return cv2.getPerspectiveTransform(corners.astype(np.float32), (outward + moved * 0.5).astype(np.float32))


def expose(picture: Picture, *, quality: Quality, chance: np.random.Generator) -> bytes:
    """
    The JPEG that leaves the camera.
    """
    soft = cv2.GaussianBlur(picture, (0, 0), quality.blur) if quality.blur > 0 else picture
    grain = chance.standard_normal(soft.shape[:2], np.float32)[..., None] * np.float32(quality.noise)
    noisy = as_picture(soft.astype(np.float32) + grain)
    written, jpeg = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, quality.jpeg])
    if not written:
        raise RuntimeError("the JPEG encoder refused the picture")
    return bytes(jpeg)
