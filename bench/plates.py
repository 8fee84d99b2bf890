"""
How well the plate reader reads a folder of labelled photographs: `python -m bench.plates --folder DIR [--verbose]`.

The folder holds `labels.csv` with set, file, text, x0, y0, x1, y1, role. Exact: the first reading is the photo's primary plate to the letter.
"""

import argparse
import csv
import resource
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from iot.plate_reader import PlateReading, read
from iot.plate_reader.images import decode


def main() -> None:
    """
    Read every photograph and print, per set, exact hits and CPU time.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--verbose", action="store_true", help="print every miss")
    arguments = parser.parse_args()
    texts: dict[str, set[str]] = defaultdict(set)
    primary: dict[str, tuple[str, str]] = {}
    with (arguments.folder / "labels.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            texts[row["file"]].add(row["text"])
            if row["role"] == "primary":
                primary[row["file"]] = row["set"], row["text"]
    measure(arguments.folder, primary, texts, verbose=arguments.verbose)


def measure(folder: Path, primary: dict[str, tuple[str, str]], texts: dict[str, set[str]], *, verbose: bool) -> None:
    """
    Print the figures of each set; `texts` are all plates labelled in a file, `primary` the one it is about.
    """
    hits: dict[str, list[bool]] = defaultdict(list)
    anywhere: dict[str, list[bool]] = defaultdict(list)
    seconds: dict[str, list[float]] = defaultdict(list)
    for file, (group, text) in primary.items():
        picture = decode((folder / file).read_bytes())
        before = time.process_time()
        readings = read(picture)
        seconds[group].append(time.process_time() - before)
        hits[group].append(bool(readings) and readings[0].text == text)
        anywhere[group].append(any(reading.text == text for reading in readings))
        if verbose and not hits[group][-1]:
            print(f"{file}: {text} read as {shown(readings)} (other plates: {sorted(texts[file] - {text})})")
    for group, results in hits.items():
        median = statistics.median(seconds[group]) * 1000
        print(
            f"{group}: {sum(results)}/{len(results)} exact ({100 * sum(results) / len(results):.0f} %), "
            f"{sum(anywhere[group])} among all readings; CPU median {median:.0f} ms, most {max(seconds[group]) * 1000:.0f} ms"
        )
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def shown(readings: Sequence[PlateReading]) -> list[str]:
    """
    Readings in short.
    """
    return [f"{reading.text} {reading.country} {reading.confidence:.2f}" for reading in readings[:4]]


if __name__ == "__main__":
    main()
