"""
`python -m infra.app`: synthesize the cloud into `build/cdk.out`. Needs neither the CDK's command nor Docker; the network only where wheels are missing.
"""

import os
import shutil
from pathlib import Path
from typing import Final

from aws_cdk import App

from infra.deployment import Deployment
from infra.package import ROOT, STAGE, Package, build
from infra.stack import Queue

OUT: Final = ROOT / "build" / "cdk.out"


def synthesize(*, package: Package, stage: str, out: Path) -> Path:
    """
    Write the cloud assembly of one deployment: the path of its template.
    """
    shutil.rmtree(out, ignore_errors=True)  # assets of earlier packages would stay
    app = App(outdir=str(out), analytics_reporting=False)
    name = f"queue-{stage}"
    Queue(app, name, deployment=Deployment(stage, package.python), package=package, stack_name=name, description="Electronic queue")
    app.synth()
    return out / f"{name}.template.json"


def main() -> None:
    """
    Package what Lambda gets, then describe where it runs. `QUEUE_STAGE` names the deployment.
    """
    template = synthesize(package=build(), stage=os.environ.get("QUEUE_STAGE", STAGE), out=OUT)
    print(f"{template.relative_to(ROOT)}: {template.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
