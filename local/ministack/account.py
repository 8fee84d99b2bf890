"""
The one account of the local cloud: what boto3 clients of this machine sign with. These are MiniStack's documented defaults, not secrets.
"""

import functools
from typing import Any, Final

import boto3
from botocore.config import Config

REGION: Final = "eu-central-1"
ACCOUNT: Final = "000000000000"
ACCESS_KEY: Final = "test"
SECRET_KEY: Final = "test"  # noqa: S105 - documented default of an engine that listens on loopback only

IMPATIENT: Final = Config(connect_timeout=1, read_timeout=10, retries={"max_attempts": 3, "mode": "standard"})


def environment() -> dict[str, str]:
    """
    Name the credentials as the AWS SDKs read them, for child processes.
    """
    return {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION}


@functools.lru_cache(maxsize=64)
def client(service: str, *, endpoint: str) -> Any:
    """
    Give the boto3 client of a service of the local cloud; clients are safe between threads, kept, and outlive a crash of the engine.
    """
    # A session of its own: boto3's default one is not safe between threads.
    session = boto3.Session(aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY, region_name=REGION)
    return session.client(service, endpoint_url=endpoint, config=IMPATIENT)  # type: ignore[call-overload]
