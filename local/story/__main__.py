"""
`python -m local.story [--own]`: tells the story on the running system, or on one that it starts and ends itself.
"""

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx

from local.story.application import Truck
from local.story.door import Door, UnseenError
from local.story.journey import Journey
from local.story.observer import Observer
from local.story.witness import CHECKPOINT
from local.supervisor.layout import ROOT, Layout, free_port
from local.supervisor.system import System


def is_up(layout: Layout) -> bool:
    """
    Tell whether a system answers on this state.
    """
    try:
        return httpx.get(f"{layout.front}/v1/health", timeout=2).is_success and layout.runtime.exists()
    except httpx.TransportError:
        return False


def tell(layout: Layout) -> int:
    """
    Tell the story: 0 when every chapter was seen.
    """
    door = Door(layout.front)
    observer = Observer(mqtt_facts=door.ask("GET", "/local/info")["mqtt"], checkpoint=CHECKPOINT)
    folder = layout.state / "story" / datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    journey = Journey(door, observer, folder, Truck.draw())
    since = time.monotonic()
    print(f"\none truck's way through {CHECKPOINT}", flush=True)
    try:
        for name, chapter in journey.chapters():
            began = time.monotonic()
            seen = chapter()
            print(f"  ✓ {name:<28} {time.monotonic() - began:5.1f} s  {seen.what}", flush=True)
            if seen.event:
                print(f"    {'':<37}event {seen.event}", flush=True)
    except (UnseenError, httpx.HTTPError, KeyError, IndexError) as error:
        print(f"  ✗ {name:<28}          {type(error).__name__}: {error}", flush=True)
        return 1
    finally:
        observer.close()
    print(f"  the whole way took {time.monotonic() - since:.1f} s")
    for what, path in journey.files.items():
        print(f"    {what:<10} {path}")
    for what, total in journey.totals.items():
        print(f"    {what:<10} {total}")
    return 0


def main() -> int:
    """
    Find the system, or start one.
    """
    parser = argparse.ArgumentParser(prog="python -m local.story", description=__doc__)
    parser.add_argument("--own", action="store_true", help="start a system when none runs on this state, and end it afterwards")
    own = parser.parse_args().own
    state = Path(os.environ.get("STATE") or ROOT / ".state")
    running = Layout.read(state=state)
    if running is not None and is_up(running):
        return tell(running)
    if not own:
        print(f"no system runs on {state}: make run starts one", file=sys.stderr)
        return 1
    layout = Layout.find(state=state, port=free_port())
    system = System(layout, tell=lambda line: print(f"  {line}", flush=True))
    try:
        system.start()
        return tell(layout)
    finally:
        system.stop()


if __name__ == "__main__":
    sys.exit(main())
