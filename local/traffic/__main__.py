"""
`python -m local.traffic`: convoys until it is ended. Each one skips business time ahead to its hour; TRAFFIC=0 keeps real time.
"""

import os
import sys
import time
from pathlib import Path

import httpx

from local.story.application import Truck
from local.story.door import Door, UnseenError
from local.supervisor.layout import ROOT, Layout
from local.traffic.fleet import CHECKPOINT, book, in_time, show, woven

CONVOY = 8
PAUSE_S = float(os.environ.get("TRAFFIC_PAUSE", "6"))
REST_S = 20.0


def convoy(door: Door) -> None:
    """
    Send one convoy through the checkpoint.
    """
    guests = [book(door, Truck.draw()) for _ in range(CONVOY)]
    in_time(door, guests[0].slot)
    for guest, lane in woven(guests):
        show(door, guest, lane)
        time.sleep(PAUSE_S)


def main() -> int:
    """
    Keep convoys coming; what fails is told and the next one tries anew.
    """
    layout = Layout.read(state=Path(os.environ.get("STATE") or ROOT / ".state"))
    if layout is None:
        return 1
    print(
        f"gentle traffic at {CHECKPOINT}: a truck every few seconds; each convoy skips the clock to its hour (TRAFFIC=0: none)", flush=True
    )
    while True:
        try:
            convoy(Door(layout.front))
        except (UnseenError, httpx.HTTPError, KeyError, IndexError) as error:
            print(f"traffic: {type(error).__name__}: {str(error)[:200]}", flush=True)
        time.sleep(REST_S)


if __name__ == "__main__":
    sys.exit(main())
