"""
Picture files of every kind that cameras may send, and what a bad line, a bad disk or an ill will makes of them; all by seed.
"""

import io
import struct
import zlib

import numpy as np
from PIL import Image


def chunk(name, data):
    """
    A PNG's chunk with its checksum.
    """
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, *, depth=8, color=2, data=None):
    """
    A PNG whose header promises a size, and black rows for it unless other packed data is given.
    """
    channels = {0: 1, 2: 3, 6: 4}[color]
    rows = zlib.compress(bytes(1 + width * channels * depth // 8) * height) if data is None else data
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def whole_files():
    """
    Small valid files: gray, color, CMYK and progressive JPEG, one lying on its side, one with a thumbnail; PNG of 1, 8 and 16 bits, animated, interlaced.
    """
    shades = np.random.default_rng(5).integers(0, 256, (48, 64, 3), np.uint8)
    picture = Image.fromarray(shades).resize((160, 120))
    exif = Image.Exif()
    exif[0x0112] = 6
    thumbnail = io.BytesIO()
    picture.resize((16, 12)).save(thumbnail, "JPEG")

    def saved(image, kind, **options):
        file = io.BytesIO()
        image.save(file, kind, **options)
        return file.getvalue()

    return [
        saved(picture, "JPEG"),
        saved(picture.convert("L"), "JPEG", quality=30),
        saved(picture.convert("CMYK"), "JPEG"),
        saved(picture, "JPEG", progressive=True),
        saved(picture, "JPEG", exif=exif, comment=b"comment"),
        saved(picture, "JPEG", exif=thumbnail.getvalue()),
        saved(picture, "PNG"),
        saved(picture.convert("1"), "PNG"),
        saved(picture.convert("P"), "PNG"),
        saved(picture.convert("RGBA"), "PNG"),
        saved(picture, "PNG", save_all=True, append_images=[picture.rotate(90), picture.rotate(180)]),
        png(64, 48, depth=16),
        png(64, 48, depth=16, color=0),
    ]


def mutated(files, chance):
    """
    One of the files after one to three mishaps.
    """
    data = bytearray(files[int(chance.integers(len(files)))])
    for _ in range(int(chance.integers(1, 4))):
        if data:
            MISHAPS[int(chance.integers(len(MISHAPS)))](data, files, chance)
    if chance.random() < 0.3:
        mend_checksums(data)
    return bytes(data)


def _overwrite(data, _, chance):
    for at in chance.integers(0, len(data), int(chance.integers(1, 16))):
        data[at] = int(chance.integers(256))


def _flip(data, _, chance):
    data[int(chance.integers(len(data)))] ^= 1 << int(chance.integers(8))


def _cut(data, _, chance):
    del data[int(chance.integers(len(data))) :]


def _lose(data, _, chance):
    at = int(chance.integers(len(data)))
    del data[at : at + int(chance.integers(1, 64))]


def _blank(data, _, chance):
    at = int(chance.integers(len(data)))
    size = min(len(data) - at, int(chance.integers(1, 512)))
    data[at : at + size] = bytes([int(chance.choice((0, 0xFF)))]) * size


def _repeat(data, _, chance):
    at = int(chance.integers(len(data)))
    data[at:at] = data[at : at + int(chance.integers(1, 256))] * int(chance.integers(1, 20))


def _promise(data, _, chance):
    """
    Extreme figures where a size may stand: near the beginning.
    """
    at = int(chance.integers(min(len(data), 200)))
    data[at : at + 4] = struct.pack(">I", int(chance.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFF, 0x10000, 0xFFFF0000))))


def _splice(data, files, chance):
    other = files[int(chance.integers(len(files)))]
    data[int(chance.integers(len(data))) :] = other[int(chance.integers(len(other))) :]


MISHAPS = (_overwrite, _flip, _cut, _lose, _blank, _repeat, _promise, _splice)


def mend_checksums(data):
    """
    Make a damaged PNG's checksums right, as somebody would who wants it decoded.
    """
    at = 8
    while data.startswith(b"\x89PNG") and at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 12 + length
        if end > len(data):
            return
        struct.pack_into(">I", data, end - 4, zlib.crc32(data[at + 4 : end - 4]))
        at = end
