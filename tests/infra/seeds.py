"""
What a deployed queue needs before anybody comes: the operator's values and secrets, one user, one confirmed booking.
"""

import json
import secrets

from chalicelib.store.database import StoreSettings
from chalicelib.store.store import Store
from chalicelib.usecases.ports import Committed, Write
from local.ministack import account
from tests.api.keys import private_pem, tokens
from tests.fakes import samples

NOWHERE = "http://127.0.0.1:9"
BOOKING = "bkg_0123456789abcdef01234567"
ISSUER = "https://queue.test"
PARAMETERS = {
    "issuer": ISSUER,
    "relay-url": "https://127.0.0.1:9",
    "sms-url": NOWHERE,
    "push-url": NOWHERE,
    "messenger-url": NOWHERE,
    "pages-url": "https://q.test",
    "first-day": "2026-11-01",
    "payee": "{}",
    "payments-publishable-key": "pk_test_nobody",
}


def lay_values(cloud, deployment):
    """
    Write what the operator writes by hand: values into Parameter Store, keys and tokens into the secret.
    """
    cloud.keep({deployment.parameter(name): value for name, value in PARAMETERS.items()})
    document = {
        "signing_key_id": "first",
        "signing_key_pem": private_pem("first").decode(),
        "hash_key": secrets.token_hex(32),
        "payments_secret": "sk_test_unused",
        "payments_webhook_secret": "whsec_unused",
    }
    cloud.client("secretsmanager").create_secret(Name=deployment.secret, SecretString=json.dumps(document))


def store_of(cloud, deployment):
    """
    Give the deployed tables as the store knows them.
    """
    settings = StoreSettings(deployment.table_prefix, account.REGION, cloud.endpoint, account.ACCESS_KEY, account.SECRET_KEY)
    return Store(settings, next_step=lambda _: None)


def lay_rows(cloud, deployment):
    """
    Store a user with a confirmed booking in the deployed tables, and sign him in: his headers.
    """
    written = store_of(cloud, deployment).commit(
        Write(samples.account(roles=("user",), checkpoints=())), Write(samples.booking(id=BOOKING))
    )
    assert isinstance(written, Committed)
    return {"Authorization": f"Bearer {tokens(issuer=ISSUER).issue(account='acc_1').token}"}


def environment(cloud, deployment):
    """
    Give the settings with which a process of this machine stands on the deployed cloud.
    """
    return {
        **account.environment(),
        "AWS_ENDPOINT_URL": cloud.endpoint,
        "QUEUE_TABLE_PREFIX": deployment.table_prefix,
        "QUEUE_SECRETS": deployment.secret,
        "QUEUE_AUDIENCE": "queue-api",
        "QUEUE_PHOTOS_BUCKET": "none",
        "QUEUE_ISSUER": PARAMETERS["issuer"],
        "QUEUE_RELAY_URL": PARAMETERS["relay-url"],
        "QUEUE_SMS_URL": PARAMETERS["sms-url"],
        "QUEUE_PUSH_URL": PARAMETERS["push-url"],
        "QUEUE_MESSENGER_URL": PARAMETERS["messenger-url"],
        "QUEUE_PAGES_URL": PARAMETERS["pages-url"],
        "QUEUE_FIRST_DAY": PARAMETERS["first-day"],
    }
