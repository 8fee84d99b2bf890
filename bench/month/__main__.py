"""
`python -m bench.month [--seed S] [--days D]`: a month of one checkpoint lived on the real use cases, and what came of it beside what is wanted.
"""

import argparse
import time
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bench.month.month import lived
from bench.month.outcomes import HORIZONS, Outcomes, percentile
from bench.month.scenario import Scenario

HOUR: Final = timedelta(hours=1)
WIDTH: Final = 40


def rows(outcomes: Outcomes) -> list[tuple[str, str, str]]:
    """
    List what is measured, its figure, and what is wanted of it.
    """
    waits = [wait / HOUR for wait in outcomes.waits]
    found = [
        ("unused capacity while the gate was open", f"{outcomes.unused:.1%}", "≤ 5 %"),
        ("arrival to barrier, half of the trucks", f"{percentile(waits, 0.5):.1f} h", ""),
        ("arrival to barrier, nine of ten", f"{percentile(waits, 0.9):.1f} h", ""),
        ("deposits wrongly forfeited", str(outcomes.counts["wrongly_forfeited"]), "0"),
        ("booked trucks turned away", str(outcomes.counts["turned_away"]), "0"),
        ("honest trucks' share of places at openings", f"{outcomes.honest_share:.1%}", ""),
    ]
    for horizon in HORIZONS:
        wanted = ("≤ 15 min", "75–85 %") if horizon == 3 else ("", "")
        found.append((f"forecast {horizon} h ahead, median error", f"{outcomes.error(horizon):.0f} min", wanted[0]))
        found.append((f"forecast {horizon} h ahead, within its band", f"{outcomes.coverage(horizon):.0%}", wanted[1]))
    return found


def lateness(outcomes: Outcomes) -> None:
    """
    Draw how late the gate ran, a line a day.
    """
    means = {day: sum(late) / len(late) for day, late in sorted(outcomes.late_by_day.items()) if late}
    most = max([*means.values(), 1.0])
    for day, mean in means.items():
        print(f"  day {day + 1:2d} {'█' * round(max(0.0, mean) / most * WIDTH):{WIDTH}s} {mean:5.1f} h late")


def main() -> None:
    """
    Live it and print.
    """
    parser = argparse.ArgumentParser(prog="python -m bench.month", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=Scenario().days)
    asked = parser.parse_args()
    began = time.process_time()
    _, outcomes = lived(replace(Scenario(), seed=asked.seed, days=asked.days), progress=lambda line: print(line, flush=True))
    lateness(outcomes)
    for name, figure, wanted in rows(outcomes):
        print(f"  {name:46s} {figure:>9s}  {wanted}")
    for why, span in sorted(outcomes.stood.items(), key=lambda each: -each[1]):
        print(f"  stood {span / HOUR:5.1f} h: {why}")
    for wrong in outcomes.wrongs:
        print(f"  wronged: {wrong}")
    print(f"  {outcomes.counts['admitted']} trucks admitted; {time.process_time() - began:.0f} s of CPU")


if __name__ == "__main__":
    main()
