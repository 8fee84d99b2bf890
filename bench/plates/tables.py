"""
The figures in rows, the recognizers beneath each other.
"""

from collections.abc import Sequence
from typing import Final

from bench.plates.figures import (
    Share,
    calibration_error,
    character_accuracy,
    found,
    percentile,
    reliability,
    right_characters,
)
from bench.plates.reading import Answer, Run

TITLES: Final = ("exact [95 %]", "n", "characters", "found", "named among all", "ECE text", "ECE character", "CPU median ms", "p99 ms")
FORM: Final = "{:10} {:6} {:>18} {:>5} {:>10} {:>8} {:>15} {:>9} {:>13} {:>13} {:>8}"


def print_accuracy(runs: Sequence[Run]) -> None:
    """
    Whole photographs, then cut-out plates: each set, then all together, each recognizer.
    """
    for title in ("whole photographs", "cut-out plates"):
        print(f"\n{title}")
        print(FORM.format("", "set", *TITLES))
        cut_out = title == "cut-out plates"
        told = {run.name: run.crops if cut_out else run.photos for run in runs}
        for group in (*_groups(runs), "all"):
            for name, answers in told.items():
                print(_row(name, group, [one for one in answers if group in {one.photo.group, "all"}], cut_out=cut_out))


def print_reliability(runs: Sequence[Run]) -> None:
    """
    How often each tenth of confidence was right, over whole photographs: of whole texts and of single characters.
    """
    for run in runs:
        print(f"\n{run.name}: said confidence → truth (count), whole photographs")
        for what, said in (("text", said_of_texts(run.photos)), ("character", said_of_characters(run.photos))):
            bins = "  ".join(f"{one.confidence:.2f} → {one.right:.2f} ({one.count})" for one in reliability(said))
            print(f"  {what:9} {bins or 'none given'}")


def print_cost(runs: Sequence[Run]) -> None:
    """
    Memory, and every recognizer's time and errors as ratios to the first one's.
    """
    print()
    for run in runs:
        print(f"{run.name}: process at most {run.megabytes} MB, {run.at_rest} MB when loaded")
    first, *others = runs
    for other in others:
        for title, mine, theirs in (("photograph", first.photos, other.photos), ("crop", first.crops, other.crops)):
            faster = _median(theirs) / max(_median(mine), 1e-9)
            missed = [sum(not exact(one) for one in answers) for answers in (mine, theirs)]
            print(f"{other.name} ÷ {first.name}, {title}: CPU time {faster:.1f}, misses {missed[1]} to {missed[0]}")


def exact(answer: Answer) -> bool:
    """
    The first reading is the plate to the letter.
    """
    return bool(answer.readings) and answer.readings[0][0].text == answer.photo.text


def said_of_texts(answers: Sequence[Answer]) -> list[tuple[float, bool]]:
    """
    Confidence and truth of each first reading.
    """
    return [(answer.readings[0][0].confidence, exact(answer)) for answer in answers if answer.readings]


def said_of_characters(answers: Sequence[Answer]) -> list[tuple[float, bool]]:
    """
    Confidence and truth of each character of the first readings that are of the labeled plate at all: half of it is right.
    """
    said: list[tuple[float, bool]] = []
    for answer in answers:
        if not answer.readings:
            continue
        reading, _ = answer.readings[0]
        right = right_characters(reading.text, answer.photo.text)
        if 2 * sum(right) >= len(answer.photo.text) and len(reading.char_confidences) == len(right):
            said += zip(reading.char_confidences, right, strict=True)
    return said


def _row(name: str, group: str, answers: Sequence[Answer], *, cut_out: bool) -> str:
    characters = sum(character_accuracy(one.readings[0][0].text, one.photo.text) if one.readings else 0.0 for one in answers) / len(answers)
    seen = Share(sum(any(found(box, one.photo.box) for _, box in one.readings) for one in answers), len(answers))
    among = Share(sum(any(reading.text == one.photo.text for reading, _ in one.readings) for one in answers), len(answers))
    of_characters = said_of_characters(answers)
    return FORM.format(
        name,
        group,
        str(Share(sum(map(exact, answers)), len(answers))),
        len(answers),
        f"{100 * characters:.1f} %",
        "–" if cut_out else f"{100 * seen.value:.0f} %",
        f"{100 * among.value:.0f} %",
        f"{calibration_error(said_of_texts(answers)):.3f}",
        f"{calibration_error(of_characters):.3f}" if of_characters else "–",
        f"{1000 * _median(answers):.1f}",
        f"{1000 * percentile([one.seconds for one in answers], 0.99):.1f}",
    )


def _median(answers: Sequence[Answer]) -> float:
    return percentile([one.seconds for one in answers], 0.5)


def _groups(runs: Sequence[Run]) -> list[str]:
    return list(dict.fromkeys(answer.photo.group for answer in runs[0].photos))
