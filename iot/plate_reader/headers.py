"""
What a picture file says of itself, read without decoding it: kind, size, whether it is whole and carries anything but the picture.

A decoder's work is bounded here, too: broken files are told by their structure and checksums, and files that promise more than they hold are refused.

JPEG: ITU-T T.81 annex B; PNG: ISO/IEC 15948.
"""

import re
import struct
import zlib
from dataclasses import dataclass
from typing import Final

JPEG_START: Final = b"\xff\xd8\xff"
PNG_START: Final = b"\x89PNG\r\n\x1a\n"
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers SOF0–SOF15, which name the picture's size."""
ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""JPEG markers without a length."""
PLAIN: Final = frozenset({0xE0, 0xEE})
"""JFIF and Adobe color transform: the only application segments that a kept picture needs."""
APPLICATION: Final = frozenset(range(0xE0, 0xF0))
COMMENT: Final = 0xFE
SCAN: Final = 0xDA
END: Final = 0xD9
MARK: Final = 0xFF
IN_SCAN: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""What ends the data of a scan: a marker that is neither stuffing, fill nor a restart."""
MOST_SCANS: Final = 32
"""A progressive JPEG has about ten; each one costs the decoder a pass over the whole picture."""
MOST_SEGMENTS: Final = 10_000

CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Values of a PNG's pixel by its color type."""
PNG_HEADER_LENGTH: Final = 13
CHUNK_FRAME: Final = 12
"""Bytes of a chunk beside its data: length, name, checksum."""
ANCILLARY: Final = 0x20
"""This bit of a chunk's name tells that the picture can do without it."""
MOST_RAW: Final = 72_000_000
"""Bytes of a PNG's pixels, unpacked."""
UNSUSPICIOUS_RAW: Final = 24_000_000
MOST_PACKED: Final = 100
"""No photograph of more than 24 MB packs better than this many to one: it is a decompression bomb."""


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
    Read the structure of JPEG or PNG bytes; raises `UnableToReadHeaderError` for anything else, a file that was cut off, and one that is a bomb.
    """
    try:
        if data.startswith(JPEG_START):
            return _jpeg(data)
        if data.startswith(PNG_START):
            return _png(data)
    except (struct.error, IndexError) as error:
        raise UnableToReadHeaderError("a picture that was cut off") from error
    raise UnableToReadHeaderError("neither JPEG nor PNG")


def _png(data: bytes) -> Header:
    length, name, width, height, depth, color = struct.unpack_from(">I4sIIBB", data, len(PNG_START))
    if name != b"IHDR" or length != PNG_HEADER_LENGTH or color not in CHANNELS:
        raise UnableToReadHeaderError("a PNG without its header")
    raw = height * -(-width * CHANNELS[color] * depth // 8)
    if raw > MOST_RAW or raw > max(UNSUSPICIOUS_RAW, MOST_PACKED * len(data)):
        raise UnableToReadHeaderError(f"{raw} bytes of pixels in a PNG of {len(data)} bytes")
    at = len(PNG_START)
    for _ in range(MOST_SEGMENTS):
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + CHUNK_FRAME + length
        (checksum,) = struct.unpack_from(">I", data, end - 4)
        if not name[0] & ANCILLARY and zlib.crc32(memoryview(data)[at + 4 : end - 4]) != checksum:
            raise UnableToReadHeaderError("a broken PNG")
        if name == b"IEND":
            return Header("PNG", width, height)
        at = end
    raise UnableToReadHeaderError("a PNG in too many pieces")


def _jpeg(data: bytes) -> Header:
    at, size, plain, scans = 2, None, True, 0
    for _ in range(MOST_SEGMENTS):
        at, marker = _next_marker(data, at)
        if marker in ALONE:
            continue
        if marker == END:
            break
        (length,) = struct.unpack_from(">H", data, at)
        if marker in FRAMES:
            if size is not None:
                raise UnableToReadHeaderError("a JPEG of two frames")  # one of them would be measured, the other decoded
            height, width = struct.unpack_from(">HH", data, at + 3)
            size = (width, height)
        plain = plain and marker != COMMENT and not (marker in APPLICATION and marker not in PLAIN)
        at += length
        if marker == SCAN:
            scans += 1
            found = IN_SCAN.search(data, at)
            if found is None:
                raise UnableToReadHeaderError("a JPEG that was cut off")
            at = found.start()
    else:
        raise UnableToReadHeaderError("a JPEG in too many pieces")
    if size is None or not scans:
        raise UnableToReadHeaderError("a JPEG without a picture")
    if scans > MOST_SCANS:
        raise UnableToReadHeaderError(f"a JPEG of {scans} scans")
    return Header("JPEG", *size, plain=plain and at == len(data))


def _next_marker(data: bytes, at: int) -> tuple[int, int]:
    if data[at] != MARK:
        raise UnableToReadHeaderError("a JPEG with a broken header")
    while data[at] == MARK:
        at += 1
    return at + 1, data[at]
