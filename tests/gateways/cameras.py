"""
What a camera would see of a drawn pass, and what it reads.
"""

import re
import zlib

import cv2
import numpy as np
import zxingcpp

PAGE = 20
"""Pixels of white page around the bare code."""

A_RECTANGLE = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) (-?[\d.]+) re f")


def decoded(picture):
    """
    What a camera reads from a picture of a code, or an empty string.
    """
    found = zxingcpp.read_barcode(picture, zxingcpp.BarcodeFormat.QRCode)
    return found.text if found else ""


def photograph_of_svg(svg):
    """
    The code as its SVG paints it, strokes of one module's height, at eight pixels a module on a white page.
    """
    side = int(re.search(rb'viewBox="0 0 (\d+) ', svg)[1])
    picture = np.full((side, side), 255, np.uint8)
    x, y = 0.0, 0.0
    for command, numbers in re.findall(
        r"([Mmh])([-\d. ]+)", re.search(rb'stroke="#000"[^>]* d="([^"]+)"|d="([^"]+)"[^>]* stroke="#000"', svg)[1].decode()
    ):
        values = [float(number) for number in numbers.split()]
        if command == "h":
            picture[int(y), int(x) : int(x + values[0])] = 0
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    large = cv2.resize(picture, None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST)
    return cv2.copyMakeBorder(large, PAGE, PAGE, PAGE, PAGE, cv2.BORDER_CONSTANT, value=255)


def photograph_of_pdf(document):
    """
    The black rectangles of the page as they are painted, at ten pixels a millimeter (254 dpi).
    """
    picture = np.full((2100, 1480), 255, np.uint8)
    scale = 254 / 72
    for stream in re.findall(rb"stream\n(.*?)\nendstream", document, re.DOTALL):
        try:
            content = zlib.decompress(stream)
        except zlib.error:
            continue
        black = content.split(b"0 g\n", 1)[-1]
        for left, top, width, height in (map(float, found) for found in A_RECTANGLE.findall(black)):
            if width < 150 and abs(height) < 5:
                rows = sorted((top * scale, (top + height) * scale))
                bottom, upper = (round(2100 - row) for row in rows)
                picture[upper:bottom, round(left * scale) : round((left + width) * scale)] = 0
    return picture
