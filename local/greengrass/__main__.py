"""
`python -m local.greengrass --config FILE`: one checkpoint's gateway until SIGTERM or SIGINT.
"""

import argparse
import asyncio
import logging
import signal
from pathlib import Path

from local.greengrass.configuration import HostConfiguration, UnableToConfigureError, load
from local.greengrass.host import AlreadyRunningError, Host, lock, until_keyed
from local.greengrass.recipes import UnableToReadRecipeError


async def run(site: HostConfiguration) -> None:
    """
    Run the gateway until it is told to end.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with lock(site.state_dir):
        await until_keyed(site)
        async with Host(site).running() as port:
            print(f"gateway of {site.checkpoint}: control port {port}", flush=True)
            await stop.wait()


def main() -> None:
    """
    Read the configuration and run; what is wrong with it is said in one line.
    """
    parser = argparse.ArgumentParser(prog="python -m local.greengrass", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="a JSON file, see local.greengrass.configuration")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        asyncio.run(run(load(parser.parse_args().config)))
    except (UnableToConfigureError, UnableToReadRecipeError, AlreadyRunningError) as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
