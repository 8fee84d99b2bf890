"""
Everything the system expects to find in the local cloud, created where it is missing. MiniStack forgets all but objects in S3, so this runs at each of its starts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from local.ministack import account, devices, uplink
from local.ministack.devices import Credentials
from local.ministack.waiting import authority_of

PHOTOS: Final = "passage-photos"
PASSES: Final = "passes"


@dataclass(frozen=True, slots=True)
class Provisioned:
    """
    Where things are: the broker's CA (PEM file), gateways' credentials by checkpoint, the observer's, queue addresses, buckets.
    """

    ca: Path
    certificates: Mapping[str, Credentials]
    observer: Credentials
    queue_url: str
    dead_letters_url: str
    photos: str = PHOTOS
    passes: str = PASSES


def provision(*, endpoint: str, gateways: Sequence[str], directory: Path) -> Provisioned:
    """
    Create what is missing, for these checkpoints' gateways; certificates and CA are kept in `directory`. May be repeated at any time.
    """
    directory.mkdir(parents=True, exist_ok=True)
    iot = account.client("iot", endpoint=endpoint)
    queues = uplink.ensure_queues(account.client("sqs", endpoint=endpoint))
    uplink.ensure_rules(iot, account.client("iam", endpoint=endpoint), queue=queues.uplink)
    _ensure_buckets(account.client("s3", endpoint=endpoint))
    # Devices come last: one that is let in before the rules exist would speak to nobody.
    devices.ensure_policies(iot, region=account.REGION, account=account.ACCOUNT)
    observer = devices.ensure_observer(iot, directory=directory)
    certificates = {checkpoint: devices.ensure_gateway(iot, checkpoint=checkpoint, directory=directory) for checkpoint in gateways}
    ca = authority_of(endpoint=endpoint, directory=directory)
    return Provisioned(ca=ca, certificates=certificates, observer=observer, queue_url=queues.uplink, dead_letters_url=queues.dead_letters)


def _ensure_buckets(s3: Any) -> None:
    for bucket in (PHOTOS, PASSES):
        try:
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": account.REGION})
        except (s3.exceptions.BucketAlreadyOwnedByYou, s3.exceptions.BucketAlreadyExists):
            continue
