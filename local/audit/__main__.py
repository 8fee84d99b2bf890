"""
`python -m local.audit`: audit the money of one machine's store, running or stopped. Exit status 1 where anything differs, 2 where there is nothing.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chalicelib import wiring
from chalicelib.domain.remittance import tenge
from chalicelib.usecases.audit import Report
from local.engines.engine import FILE, Engine
from local.supervisor.layout import ROOT, Layout, is_free
from local.supervisor.parts import environment

DIFFERS = 1
NOTHING = 2
MOST_SHOWN = 50


@contextmanager
def opened(layout: Layout) -> Iterator[str]:
    """
    Give the address of the store's engine: of the running one, or of one started on its file for as long as it is needed.
    """
    if not is_free(layout.ports["dynamodb"]):
        yield layout.url("dynamodb")
        return
    with Engine(state=layout.state / "dynamodb") as engine:
        yield engine.url


def told(report: Report, *, seconds: float) -> str:
    """
    Say what was counted, what every account comes to, and what differs.
    """
    lines = [", ".join(f"{count:,} {what}" for what, count in report.counts.items()) + f" in {seconds:.1f} s"]
    lines += [f"  {account:<20} {tenge(amount):>24} KZT" for account, amount in report.accounts.items()]
    shown = report.differences[:MOST_SHOWN]
    lines += [f"DIFFERS  {each.what} {each.whose}: booked {each.booked}, kept {each.kept}" for each in shown]
    if len(report.differences) > len(shown):
        lines.append(f"… and {len(report.differences) - len(shown)} more")
    lines.append(f"{len(report.differences)} differences" if report.differences else "everything adds up")
    return "\n".join(lines)


def main() -> int:
    """
    Open, audit, tell.
    """
    state = Path(os.environ.get("STATE") or ROOT / ".state")
    layout = Layout.read(state=state)
    if layout is None or not (layout.state / "dynamodb" / FILE).exists():
        print(f"nothing to audit in {state}", file=sys.stderr)
        return NOTHING
    with opened(layout) as url:
        os.environ.update({**environment(layout), "QUEUE_DYNAMODB_ENDPOINT": url})
        since = time.monotonic()
        report = wiring.audit()()
        print(told(report, seconds=time.monotonic() - since))
    return DIFFERS if report.differences else 0


if __name__ == "__main__":
    sys.exit(main())
