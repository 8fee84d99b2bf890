"""
What a picture file says of itself, read without decoding it: kind, size, orientation, whether it is whole and carries anything but the picture.

JPEG: ITU-T T.81 annex B; PNG: ISO/IEC 15948; orientation: CIPA DC-008 (Exif), tag 0x0112.
"""

import struct
from dataclasses import dataclass
from typing import Final

JPEG_START: Final = b"\xff\xd8\xff"
PNG_START: Final = b"\x89PNG\r\n\x1a\n"
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers SOF0–SOF15, which name the picture's size."""
ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG markers without a length."""
PLAIN: Final = frozenset({0xE0, 0xEE})
"""JFIF and Adobe color transform: the only application segments that a kept picture needs."""
APPLICATION: Final = frozenset(range(0xE0, 0xF0))
COMMENT: Final = 0xFE
SCAN: Final = 0xDA
MARK: Final = 0xFF
PNG_HEADER_LENGTH: Final = 13


class UnableToReadHeaderError(ValueError):
    """
    The bytes are no whole JPEG or PNG.
    """


@dataclass(frozen=True, slots=True)
class Header:
    """
    Width and height in pixels as stored; `plain`: a JPEG that holds the picture alone, upright, with nothing before, beside or behind it.
    """

    kind: str
    width: int
    height: int
    plain: bool = False


def read_header(data: bytes) -> Header:
    """
    Read the header of JPEG or PNG bytes; raises `UnableToReadHeaderError` for anything else, and for a file that was cut off.
    """
    try:
        if data.startswith(JPEG_START):
            return _jpeg(data)
        if data.startswith(PNG_START):
            return _png(data)
    except (struct.error, IndexError) as error:
        raise UnableToReadHeaderError("the file ends within its header") from error
    raise UnableToReadHeaderError("neither JPEG nor PNG")


def _png(data: bytes) -> Header:
    length, name, width, height = struct.unpack_from(">I4sII", data, 8)
    if name != b"IHDR" or length != PNG_HEADER_LENGTH:
        raise UnableToReadHeaderError("a PNG without its header")
    if b"IEND" not in data[-64:]:
        raise UnableToReadHeaderError("a PNG that was cut off")
    return Header("PNG", width, height)


def _jpeg(data: bytes) -> Header:
    at, size, plain = 2, None, True
    while True:
        at, marker = _next_marker(data, at)
        if marker in ALONE:
            continue
        if marker == SCAN:
            break
        (length,) = struct.unpack_from(">H", data, at)
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 3)
            size = (width, height)
        plain = plain and marker != COMMENT and not (marker in APPLICATION and marker not in PLAIN)
        at += length
    if size is None:
        raise UnableToReadHeaderError("a JPEG without a frame")
    end = data.rfind(b"\xff\xd9")
    if end < at:
        raise UnableToReadHeaderError("a JPEG that was cut off")
    return Header("JPEG", *size, plain=plain and end == len(data) - 2)


def _next_marker(data: bytes, at: int) -> tuple[int, int]:
    if data[at] != MARK:
        raise UnableToReadHeaderError("a JPEG with a broken header")
    while data[at] == MARK:
        at += 1
    return at + 1, data[at]
