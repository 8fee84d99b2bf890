"""
Bytes from a camera become a picture, or a clear refusal, at bounded cost: nothing is decoded before its size is known.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from iot.plate_reader.geometry import Picture
from iot.plate_reader.headers import UnableToReadHeaderError, read_header

MOST_BYTES: Final = 15 * 1024 * 1024
MOST_PIXELS: Final = 24_000_000
LONG_SIDE_KEPT: Final = 1920
"""A kept photograph must fit the cloud's upload (4 MB) and shows a plate well at this size."""
MOST_BYTES_KEPT: Final = 3_000_000
QUALITY_KEPT: Final = 90

cv2.utils.logging.setLogLevel(
    cv2.utils.logging.LOG_LEVEL_SILENT
)  # a camera's broken files are reported by us, once, not by the library on standard error


class NotAPictureError(ValueError):
    """
    The bytes are not a picture that this reader takes: no JPEG or PNG, cut off, broken, or too large.
    """


@dataclass(frozen=True, slots=True)
class Photograph:
    """
    A picture as it is kept: JPEG bytes without any metadata, upright, and their SHA-256 (hex).
    """

    jpeg: bytes
    sha256: str


def decode(data: bytes) -> Picture:
    """
    Decode JPEG or PNG bytes (any color model and depth, turned upright as Exif says) to BGR, 8 bits; raises `NotAPictureError`.
    """
    if len(data) > MOST_BYTES:
        raise NotAPictureError(f"{len(data)} bytes, at most {MOST_BYTES} are read")
    try:
        header = read_header(data)
    except UnableToReadHeaderError as error:
        raise NotAPictureError(str(error)) from error
    if not 0 < header.width * header.height <= MOST_PIXELS:
        raise NotAPictureError(f"{header.width} × {header.height} pixels, at most {MOST_PIXELS} are read")
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise NotAPictureError(f"a broken {header.kind}") from error
    if picture is None or picture.size == 0:
        raise NotAPictureError(f"a broken {header.kind}")
    return np.asarray(picture, np.uint8)


def photograph(data: bytes, picture: Picture) -> Photograph:
    """
    What is kept of bytes that `decode` turned into `picture`: themselves when they are a plain JPEG, else the picture written anew.
    """
    header = read_header(data)
    fits = max(header.width, header.height) <= LONG_SIDE_KEPT and len(data) <= MOST_BYTES_KEPT
    jpeg = data if header.plain and fits else _written_anew(picture)
    return Photograph(jpeg, hashlib.sha256(jpeg).hexdigest())


def _written_anew(picture: Picture) -> bytes:
    height, width = picture.shape[:2]
    scale = min(1.0, LONG_SIDE_KEPT / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if scale < 1 else picture
    written, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY_KEPT])
    if not written:
        raise NotAPictureError("the picture cannot be written as JPEG")
    return bytes(jpeg)
