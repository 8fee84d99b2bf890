"""
Engines, clocks, keys and foreign services, built at first use and once.
"""

import functools
import tempfile
import threading
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from chalicelib import settings
from chalicelib.domain.fees import Tariff
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import next_step
from chalicelib.gateways.system import HmacHash, Limits, SecureChance, SystemClock
from chalicelib.gateways.tokens import SigningKey, Tokens
from chalicelib.gateways.vault import Secrets, open_vault
from chalicelib.jurisdictions import Jurisdiction, jurisdiction
from chalicelib.store.database import StoreSettings
from chalicelib.store.personal_data import PersonalData
from chalicelib.store.recent import ForgettingCommitter, RecentPlaces
from chalicelib.store.recent_policies import RecentPolicies
from chalicelib.store.store import Store
from chalicelib.usecases.decide_policy import figures_on

T = TypeVar("T")
_LOCK = threading.RLock()


def once(build: Callable[[], T]) -> Callable[[], T]:
    """
    Build a thing at first use, once for the process, whichever thread asks first.
    """
    cached = functools.cache(build)

    @functools.wraps(build)
    def get() -> T:
        with _LOCK:
            return cached()

    return get


@once
def configuration() -> settings.Settings:
    """
    Read the settings.
    """
    return settings.read()


@once
def secrets() -> Secrets:
    """
    Open the vault.
    """
    return open_vault(where=configuration().secrets, region=configuration().region)


@once
def law() -> Jurisdiction:
    """
    Load what is Kazakh and is data.
    """
    return jurisdiction(configuration().assumptions)


@once
def clock() -> SystemClock:
    """
    Give both clocks.
    """
    return SystemClock(offset_file=configuration().clock_file)


@once
def tokens() -> Tokens:
    """
    Give the signer and verifier of tokens.
    """
    key = SigningKey(secrets().signing_key_id, secrets().signing_key_pem)
    return Tokens(keys=(key,), issuer=configuration().issuer, audience=configuration().audience)


@once
def keyed_hash() -> HmacHash:
    """
    Give the keyed hash of personal values and bodies.
    """
    return HmacHash(secrets().hash_key)


@once
def limits() -> Limits:
    """
    Tell by how much limits are loosened.
    """
    return Limits(file=configuration().limits_file)


def rules_on(now: datetime) -> Rules:
    """
    Give the figures in force at an instant.
    """
    day = now.astimezone(law().zone).date()
    return decided_policies().on(day, make=lambda rows: law().rules_on(day, figures_on(rows, seed_on(day), day)))


def seed_on(day: date) -> Mapping[str, int]:
    """
    Give the jurisdiction's own figures on a day, those that are in force.
    """
    return {name: policy.on(day) for name, policy in law().policies.items() if policy.history[0][0] <= day}


@once
def decided_policies() -> RecentPolicies[Rules]:
    """
    Give what the registrar decided, as known within the last seconds.
    """
    return RecentPolicies(store().policies)


@functools.lru_cache(maxsize=400)
def tariff_on(day: date) -> Tariff | None:
    """
    Give the fees in force on a day, none where unknown.
    """
    return law().tariff_on(day)


def _store_settings() -> StoreSettings:
    known = configuration()
    key = "local" if known.local else None
    return StoreSettings(known.table_prefix, known.region, known.dynamodb_endpoint, access_key_id=key, secret_access_key=key)


@once
def store() -> Store:
    """
    Give the queue's tables.
    """
    return Store(_store_settings(), next_step=lambda booking: next_step(booking, rules_on(clock().now())))


@once
def recent_places() -> RecentPlaces:
    """
    Give places as lists and calendars show them.
    """
    return RecentPlaces(store().places)


@once
def committer() -> ForgettingCommitter:
    """
    Give the way to write.
    """
    return ForgettingCommitter(store(), recent=recent_places())


@once
def people() -> PersonalData:
    """
    Give the personal data store: the embedded one; where it stands in production is a deployment choice.
    """
    return PersonalData(_store_settings(), hashed=lambda name: keyed_hash().of(name))


def _aws(service: str) -> Any:
    import boto3  # noqa: PLC0415 - the SDK loads where it is used

    return boto3.Session().client(service, region_name=configuration().region, endpoint_url=configuration().aws_endpoint)  # type: ignore[call-overload]


@once
def device_link() -> Any:
    """
    Give the cloud's end of the gateways' topics.
    """
    from chalicelib.gateways.devices import IotDeviceLink  # noqa: PLC0415

    return IotDeviceLink(_aws("iot-data"))


@once
def photos() -> Any:
    """
    Give the photographs' bucket.
    """
    from chalicelib.gateways.photos import S3Photos  # noqa: PLC0415

    return S3Photos(client=_aws("s3"), bucket=configuration().photos_bucket)


@once
def payments() -> Any:
    """
    Give the payment provider.
    """
    from chalicelib.gateways.payments import StripePayments  # noqa: PLC0415

    known = secrets()
    return StripePayments(
        secret_key=known.payments_secret,
        webhook_secret=known.payments_webhook_secret,
        base_url=configuration().payments_url,
        automatic=configuration().payment_methods == "automatic",
    )


@once
def registers() -> Any:
    """
    Give the state registers behind their relay.
    """
    from chalicelib.gateways.registries.relay import RelayRegisters  # noqa: PLC0415

    return RelayRegisters(base_url=configuration().relay_url, certificates=relay_certificates(), now=lambda: clock().now().timestamp())


@once
def relay_certificates() -> Any:
    """
    Give our side of the relay's mutual TLS.
    """
    from chalicelib.gateways.registries.relay import RelayCertificates  # noqa: PLC0415

    directory = configuration().relay_directory or _relay_files()
    return RelayCertificates(directory / "authority.pem", directory / "client.pem", directory / "client.key")


def _relay_files() -> Path:
    """
    Lay the vault's certificates into files of this process alone: OpenSSL reads no other way.
    """
    texts = secrets().relay
    if not texts:
        raise settings.InvalidSettingsError("QUEUE_RELAY_DIRECTORY is not set, and the vault holds no relay certificates")
    directory = Path(tempfile.mkdtemp(prefix="relay-"))
    for name, text in texts.items():
        path = directory / Path(name).name
        path.touch(mode=0o600)
        path.write_text(text)
    return directory


@functools.cache
def messenger(channel: str) -> Any:
    """
    Give the way of a channel: SMS, a messenger that knows people by number, or push.
    """
    from chalicelib.gateways.push import PushService  # noqa: PLC0415
    from chalicelib.gateways.sms import SmsCenter  # noqa: PLC0415

    known = configuration()
    token = secrets().messages_token
    if channel == "push":
        return PushService(base_url=known.push_url, token=token)
    return SmsCenter(base_url=known.messenger_url if channel == "messenger" else known.sms_url, channel=channel, token=token)


def parts(*names: str) -> dict[str, Any]:
    """
    Gather the ports that a use case names.
    """
    known: Mapping[str, Callable[[], Any]] = {
        "committer": committer,
        "people": people,
        "clock": clock,
        "chance": SecureChance,
        "keyed": keyed_hash,
        "rules_on": lambda: rules_on,
        "tariff_on": lambda: tariff_on,
    }
    return {name: known[name]() if name in known else getattr(store(), name) for name in names}
