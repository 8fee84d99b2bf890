"""
`python -m local.pictures --plate 123ABC02 out.jpg`: one drawn photograph into a file.
"""

import argparse
from pathlib import Path

from local.pictures.camera import CLEAR, POOR
from local.pictures.photographs import draw_truck, draw_unreadable


def main() -> None:
    """
    Draw what the command line asks for.
    """
    parser = argparse.ArgumentParser(prog="python -m local.pictures", description="Draw a photograph of a truck before a lane's camera.")
    parser.add_argument("file", type=Path, help="where to write the JPEG")
    parser.add_argument("--plate", default="123ABC02", help="the number, Latin capitals and digits without spaces")
    parser.add_argument("--country", default="KZ", help="KZ, RU, UZ, KG or CN")
    parser.add_argument("--seed", type=int, default=0, help="another truck, another hour, another angle")
    parser.add_argument("--poor", action="store_true", help="a blurred, noisy, slanting picture")
    parser.add_argument("--unreadable", action="store_true", help="the plate covered by mud or snow")
    asked = parser.parse_args()
    draw = draw_unreadable if asked.unreadable else draw_truck
    jpeg = draw(plate=asked.plate, country=asked.country, seed=asked.seed, quality=POOR if asked.poor else CLEAR)
    asked.file.write_bytes(jpeg)
    print(f"{asked.file}: {asked.plate} ({asked.country}), {len(jpeg)} bytes")


if __name__ == "__main__":
    main()
