"""
`python -m bench.plates --folder DIR [--recognizers ours rapidocr] [--lists 200] [--verbose] [--pictures DIR]`: plate readers side by side on labeled photographs.

The folder holds `labels.csv` with set, file, text, country, x0, y0, x1, y1, role. Exact: the first reading is the photograph's primary plate.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bench.plates.expected import expectations, print_expectations
from bench.plates.folder import cut_out_plate, labeled
from bench.plates.frames import in_frames, print_votes
from bench.plates.reading import Run, put_through
from bench.plates.recognizers import RECOGNIZERS, Found
from bench.plates.sheet import Miss, write_sheet
from bench.plates.tables import exact, print_accuracy, print_cost, print_reliability
from iot.plate_reader.images import decode


def main() -> None:
    """
    Read everything with every recognizer, then print.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--recognizers", nargs="+", choices=sorted(RECOGNIZERS), default=list(RECOGNIZERS))
    parser.add_argument("--sets", nargs="+", default=[], help="only these sets of the folder")
    parser.add_argument("--lists", type=int, default=200, help="lists of expected vehicles tried for each photograph, 0 for none")
    parser.add_argument("--frames", type=int, default=0, help="frames of each photograph that vote, besides")
    parser.add_argument("--verbose", action="store_true", help="print every miss")
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of every miss")
    given = parser.parse_args()
    photos = labeled(given.folder, groups=given.sets)
    if not photos:
        parser.error(f"{given.folder / 'labels.csv'} labels no primary plate of these sets")
    runs = [put_through(name, given.folder, photos) for name in given.recognizers]
    if given.verbose:
        print_misses(runs)
    if given.pictures:
        picture_misses(runs, given.folder, given.pictures)
    print_accuracy(runs)
    print_reliability(runs)
    print_cost(runs)
    if given.lists:
        print_expectations([(run.name, expectations(run, lists=given.lists)) for run in runs])
    if given.frames:
        for name in given.recognizers:
            print_votes(name, in_frames(name, given.folder, photos, count=given.frames))


def print_misses(runs: Sequence[Run]) -> None:
    """
    Every photograph and cut-out plate that was not read to the letter.
    """
    for run in runs:
        for what, answers in (("photo", run.photos), ("crop", run.crops)):
            for answer in answers:
                if not exact(answer):
                    print(f"{run.name} {what} {answer.photo.file}: {answer.photo.text} read as {shown(answer.readings)}")


def picture_misses(runs: Sequence[Run], folder: Path, out: Path) -> None:
    """
    A sheet of misses for each reader, whole photographs and cut-out plates apart.
    """
    for run in runs:
        for what, answers in (("photo", run.photos), ("crop", run.crops)):
            misses = []
            for answer in (answer for answer in answers if not exact(answer)):
                picture, photo = decode((folder / answer.photo.file).read_bytes()), answer.photo
                if what == "crop":
                    picture = cut_out_plate(picture, photo.box)
                box = photo.box if what == "photo" else (0, 0, picture.shape[1], picture.shape[0])
                first = answer.readings[0] if answer.readings else None
                misses.append(Miss(photo.file, picture, box, photo.text, first and first[1], first[0].text if first else ""))
            if misses:
                write_sheet(misses, path := out / f"{run.name}-{what}.png")
                print(f"{len(misses)} misses: {path}")


def shown(readings: Sequence[Found]) -> list[str]:
    """
    Readings in short.
    """
    return [f"{reading.text} {reading.country} {reading.confidence:.2f}" for reading, _ in readings[:4]]


if __name__ == "__main__":
    main()
