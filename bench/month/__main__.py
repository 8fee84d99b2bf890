"""
`python -m bench.month [--seed S] [--seeds 1-5] [--days D] [--through api]`: a month of one checkpoint lived on the real use cases, and what came of
it beside what is wanted. Several seeds are lived beside one another, each a line. Through the API users and officers come in by HTTP, several times
as slow.
"""

import argparse
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Final

from bench.month.month import lived
from bench.month.outcomes import HORIZONS, Outcomes, percentile
from bench.month.scenario import Scenario

HOUR: Final = timedelta(hours=1)
WIDTH: Final = 40
COLUMNS: Final = ("seed", "unused", "waits half", "forfeited", "turned away", "error 3 h", "band 3 h")


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


def standstill(outcomes: Outcomes) -> None:
    """
    Say why the gate stood, and whom the system wronged.
    """
    for why, span in sorted(outcomes.stood.items(), key=lambda each: -each[1]):
        print(f"  the gate stood {span / HOUR:5.1f} h: {why}")
    for wrong in outcomes.wrongs:
        print(f"  wronged: {wrong}")


def outcome(scenario: Scenario) -> Outcomes:
    """
    Live one month, in a process of its own where several are lived.
    """
    return lived(scenario)[1]


def compare(scenarios: Sequence[Scenario]) -> None:
    """
    Live several months and print a line of each.
    """
    print("  ".join(f"{name:>11s}" for name in COLUMNS))
    with ProcessPoolExecutor() as pool:
        for scenario, found in zip(scenarios, pool.map(outcome, scenarios), strict=True):
            half = percentile([wait / HOUR for wait in found.waits], 0.5)
            forecast = (f"{found.error(3):.1f} min", f"{found.coverage(3):.0%}")
            lost = (str(found.counts["wrongly_forfeited"]), str(found.counts["turned_away"]))
            figures = (str(scenario.seed), f"{found.unused:.1%}", f"{half:.1f} h", *lost, *forecast)
            print("  ".join(f"{figure:>11s}" for figure in figures), flush=True)


def main() -> None:
    """
    Live it and print.
    """
    parser = argparse.ArgumentParser(prog="python -m bench.month", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", help="several, first-last: 1-5")
    parser.add_argument("--days", type=int, default=Scenario().days)
    parser.add_argument("--through", choices=("domain", "api"), default="domain")
    asked = parser.parse_args()
    if asked.seeds:
        first, last = map(int, asked.seeds.split("-"))
        compare([replace(Scenario(), seed=seed, days=asked.days) for seed in range(first, last + 1)])
        return
    began = time.process_time()
    scenario = replace(Scenario(), seed=asked.seed, days=asked.days)
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "WARNING")
    doors = import_module("bench.month.front").doors if asked.through == "api" else None
    _, outcomes = lived(scenario, doors=doors, progress=lambda line: print(line, flush=True))
    lateness(outcomes)
    for name, figure, wanted in rows(outcomes):
        print(f"  {name:46s} {figure:>9s}  {wanted}")
    standstill(outcomes)
    print(f"  {outcomes.counts['admitted']} trucks admitted; {time.process_time() - began:.0f} s of CPU")


if __name__ == "__main__":
    main()
