"""
Lays out what plates and scenes are drawn with: `python -m training.plates.gather --folder .cache/materials`.

Fonts come from the npm registry (SIL Open Font License, Roboto Condensed: Apache License 2.0), photographs from Python packages (BSD) and, where
`apt-get` is there, from Debian's packages of backgrounds (CC BY-SA, CC0, LGPL and GPL); `docs/plates.md` names them all. None is shipped.
"""

import argparse
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from training.plates.lettering import CAP, ROOM
from training.plates.materials import HAN as HAN_SHEET
from training.plates.materials import HANS

FONTS: Final = [
    "archivo-narrow",
    "b612",
    "barlow",
    "barlow-semi-condensed",
    "cuprum",
    "dosis",
    "exo-2",
    "fira-sans-condensed",
    "gidole",
    "ibm-plex-sans-condensed",
    "jura",
    "oswald",
    "overpass",
    "oxygen",
    "play",
    "pt-sans-narrow",
    "rajdhani",
    "roboto-condensed",
    "rubik",
    "saira-semi-condensed",
    "share-tech",
    "sofia-sans-condensed",
    "teko",
    "tektur",
]
FONTS_VERSION: Final = "5.3.0"
HAN: Final = "noto-sans-sc"
WEIGHTS: Final = (400, 500, 600, 700)
HAN_WEIGHTS: Final = (500, 700)
WHEELS: Final = ("scikit-image==0.26.0", "scikit-learn==1.9.1")
DEBIAN: Final = ("gnome-backgrounds", "lxqt-themes", "mate-backgrounds", "plasma-workspace-wallpapers", "ukui-wallpapers")
PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp"})
LEAST_BYTES: Final = 40_000
LEAST_SIDE: Final = 200
LONG_SIDE: Final = 1400


def main() -> None:
    """
    Fetch and lay out.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    folder: Path = parser.parse_args().folder
    for name in ("fonts", "han", "backdrops"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name in FONTS:
            print(f"font {name}", flush=True)
            _font(name, Path(scratch), folder / "fonts")
        print("characters of Chinese provinces", flush=True)
        _han(Path(scratch), folder / "han")
        print("pictures to stand behind", flush=True)
        count = _backdrops(Path(scratch), folder / "backdrops")
    print(f"{count} pictures, {len(list((folder / 'fonts').iterdir()))} fonts")


def _package(name: str, scratch: Path) -> Path:
    """
    An npm package unpacked.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch fonts: `make setup` brings one")
    packed = subprocess.run(
        [npm, "pack", "--silent", f"@fontsource/{name}@{FONTS_VERSION}"], cwd=scratch, check=True, capture_output=True, text=True
    )
    target = scratch / name
    with tarfile.open(scratch / packed.stdout.split()[-1]) as archive:
        archive.extractall(target, filter="data")
    return target / "package" / "files"


def _font(name: str, scratch: Path, folder: Path) -> None:
    files = _package(name, scratch)
    for weight in WEIGHTS:
        path = files / f"{name}-latin-{weight}-normal.woff"
        if path.exists():
            shutil.copy(path, folder)


def _han(scratch: Path, folder: Path) -> None:
    wanted = {ord(character) for character in HANS}
    for weight in HAN_WEIGHTS:
        for path in sorted(_package(HAN, scratch).glob(f"*[0-9]-{weight}-normal.woff")):
            if wanted & TTFont(path, lazy=True).getBestCmap().keys():
                shutil.copy(path, folder)
    sheet = np.vstack([np.hstack([_drawn(character, folder, weight) for character in HANS]) for weight in HAN_WEIGHTS])
    Image.fromarray(sheet).save(HAN_SHEET, optimize=True)


def _drawn(character: str, folder: Path, weight: int) -> NDArray[np.uint8]:
    """
    A character from the first of the font's files that has it.
    """
    path = next(path for path in sorted(folder.glob(f"*-{weight}-normal.woff")) if ord(character) in TTFont(path, lazy=True).getBestCmap())
    picture = Image.new("L", (CAP, CAP + 2 * ROOM), 0)
    font = ImageFont.truetype(str(path), round(CAP * 1.12))
    ImageDraw.Draw(picture).text((CAP / 2, ROOM + CAP / 2), character, fill=255, font=font, anchor="mm")
    return np.asarray(picture, np.uint8)


def _backdrops(scratch: Path, folder: Path) -> int:
    unpacked = scratch / "pictures"
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(scratch / "wheels"), *WHEELS], check=True
    )
    for wheel in sorted((scratch / "wheels").glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if Path(name).suffix in PICTURES:
                    archive.extract(name, unpacked)
    if shutil.which("apt-get") and shutil.which("dpkg-deb"):
        for name in DEBIAN:
            subprocess.run(["apt-get", "download", name], cwd=scratch, check=False, capture_output=True)
        for package in sorted(scratch.glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", str(package), str(unpacked)], check=True)
    count = 0
    for path in sorted(unpacked.rglob("*")):
        if path.is_file() and path.suffix in PICTURES and path.stat().st_size >= LEAST_BYTES and "screenshot" not in str(path):
            count += _kept(path, folder / f"{count:03d}.jpg")
    return count


def _kept(path: Path, target: Path) -> bool:
    picture = cv2.imread(str(path))
    if picture is None or min(picture.shape[:2]) < LEAST_SIDE:
        return False
    scale = min(1.0, LONG_SIDE / max(picture.shape[:2]))
    cv2.imwrite(str(target), cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), [cv2.IMWRITE_JPEG_QUALITY, 88])
    return True


if __name__ == "__main__":
    main()
