"""
The whole API on a real engine in memory, with its outside stood in for: what the tests of its endpoints talk to.
"""

import json
import os
import secrets
import types
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from app import app as api
from chalicelib import wiring
from chalicelib.domain.bookings import Status
from chalicelib.domain.payments import IntentStatus, PaymentIntent
from chalicelib.domain.records import Account
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.jurisdictions import ASSUMPTIONS
from chalicelib.usecases.ports import Write
from chalicelib.wiring import (
    bank,
    cabinets,
    changes,
    consents,
    lists,
    money,
    outside,
    registrar,
    sanctions,
    settlements,
    site,
    tasks,
    users,
)
from chalicelib.wiring import provider as provider_
from local.supervisor.parts import PAYEE
from local.supervisor.requisites import sample_requisites
from tests.api.client import Client
from tests.api.forms import ELSEWHERE, HERE, WEBHOOK_SECRET, application, event, signature
from tests.api.keys import private_pem
from tests.fakes.outside import Camera


class AgreeableRegisters:
    """
    Registers in which everyone is found, unless told otherwise.
    """

    def __init__(self):
        self.answers = {}

    def ask(self, questions):
        """
        Answer each question.
        """
        return [Answer(item.source, item.subject, self.answers.get(item.source, CheckResult.PASSED)) for item in questions]


class CardProvider:
    """
    A payment provider that opens intents and never asks for a card; its webhooks are read by the real gateway.
    """

    def __init__(self, webhooks):
        self._webhooks = webhooks
        self.intents = {}

    def save_customer(self, *, attempt, account):
        """
        Know a payer.
        """
        return f"cus_{account}"

    def open_intent(self, *, attempt, amount, purpose, account, booking, customer):
        """
        Open an intent, once an attempt.
        """
        self.intents.setdefault(f"pi_{attempt}", amount)
        return self.find_intent(intent=f"pi_{attempt}")

    def find_intent(self, *, intent):
        """
        Find it again.
        """
        return PaymentIntent(intent, f"{intent}_secret", IntentStatus.REQUIRES_PAYMENT_METHOD, self.intents[intent], "KZT")

    def cancel_intent(self, *, intent):
        """
        Cancel it.
        """
        return IntentStatus.CANCELED

    def events(self, **_):
        """
        Tell nothing beside the webhooks.
        """
        return []

    movements = moved = events

    def parse_webhook(self, *, payload, signature):
        """
        Check the signature as the real gateway does.
        """
        return self._webhooks.parse_webhook(payload=payload, signature=signature)


class Links:
    """
    Photographs' links without a bucket.
    """

    def link(self, *, checkpoint, sha256):
        """
        Sign a link.
        """
        return f"https://photos.test/{checkpoint}/{sha256}"


def forget():
    """
    Let the wiring build everything anew.
    """
    for module in (
        bank,
        consents,
        outside,
        users,
        sanctions,
        settlements,
        site,
        tasks,
        lists,
        cabinets,
        money,
        provider_,
        registrar,
        changes,
    ):
        for made in vars(module).values():
            if isinstance(made, types.FunctionType) and hasattr(made, "__wrapped__") and made.__closure__:
                for cell in made.__closure__:
                    getattr(cell.cell_contents, "cache_clear", lambda: None)()


class House:
    """
    Callers and shortcuts of the tests.
    """

    def __init__(self, directory):
        self.directory = directory
        self.client = Client(api)
        self.registers = AgreeableRegisters()
        self.camera = Camera()
        self.people = {}

    def advance(self, **span):
        """
        Move business time.
        """
        path = self.directory / "clock.json"
        before = json.loads(path.read_text())["offset_seconds"] if path.exists() else 0
        path.write_text(json.dumps({"offset_seconds": before + timedelta(**span).total_seconds()}))

    def staff(self, role, *checkpoints):
        """
        Open a staff account: its bearer header.
        """
        id_ = f"acc_{secrets.token_hex(6)}"
        now = wiring.clock().now()
        wiring.store().commit(Write(Account(id_, f"per_{id_}", now, version=1, roles=(role,), checkpoints=checkpoints)))
        return self.bearer(id_)

    def bearer(self, account):
        """
        Sign an account in without ado.
        """
        return {"Authorization": f"Bearer {wiring.tokens().issue(account=account).token}"}

    def user(self, *, agreed=True):
        """
        Sign somebody new in by a code: his bearer header.
        """
        phone = f"+7701{secrets.randbelow(10**7):07d}"
        challenge = self.client.send("POST", "/v1/auth/otp", body={"phone": phone, "channel": "sms"}).json["challenge_id"]
        code = users.codes().code_of(challenge)
        tokens = self.client.send("POST", "/v1/auth/otp/verify", body={"challenge_id": challenge, "code": code}).json
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        if agreed:
            self.post("/v1/me/agreement", headers, {"version": wiring.law().agreement().version})
        return headers

    def get(self, path, headers=None, **more):
        """
        GET.
        """
        return self.client.send("GET", path, headers={**(headers or {}), **more})

    def post(self, path, headers=None, body=None, *, key=None, **more):
        """
        POST with a fresh idempotency key, or the one given.
        """
        sent = {**(headers or {}), "Idempotency-Key": key or secrets.token_hex(8), **more}
        return self.client.send("POST", path, body=body, headers=sent)

    def applied(self, headers, **changes):
        """
        Apply and be verified: the booking's id.
        """
        made = self.post("/v1/bookings", headers, application(**changes))
        assert made.status == 202, made.json
        wiring.verify_booking()(booking=made.json["id"])
        return made.json["id"]

    def confirmed(self, headers, **changes):
        """
        Book, pay from a topped-up wallet: the booking's id.
        """
        booking = self.applied(headers, **changes)
        held = self.post(f"/v1/bookings/{booking}/place", headers, {"slot_start": "first_free"})
        assert held.status == 200, held.json
        paid = self.post(f"/v1/bookings/{booking}/payment", headers, {"method": "card"})
        self.pay(paid.json["payment_intent"], paid.json["amount"]["amount"])
        assert self.get(f"/v1/bookings/{booking}", headers).json["status"] == Status.CONFIRMED
        return booking

    def pay(self, intent, amount):
        """
        Let the provider tell that a card paid.
        """
        return self.client.send("POST", "/v1/stripe/webhook", raw=event(intent, amount), headers=signature(event(intent, amount)))


def write_vault(path):
    """
    Write the keys, and bank details of nobody.
    """
    vault = {
        "signing_key_id": "tests",
        "signing_key_pem": private_pem("house").decode(),
        "hash_key": "00" * 32,
        "payments_secret": "sk_test_x",
        "payments_webhook_secret": WEBHOOK_SECRET,
        "remittance": sample_requisites(("05", "19")),
    }
    path.write_text(json.dumps(vault))


@contextmanager
def built(engine, directory):
    """
    Build the house on an engine: fresh tables, keys, two open checkpoints.
    """
    write_vault(directory / "secrets.json")
    (directory / "limits.json").write_text(json.dumps({"factor": 1000}))
    named = {
        "REGION": "eu-central-1",
        "TABLE_PREFIX": f"h{secrets.token_hex(4)}-",
        "SECRETS": f"file:{directory / 'secrets.json'}",
        "ISSUER": "https://queue.test",
        "AUDIENCE": "queue-api",
        "PHOTOS_BUCKET": "photos",
        "RELAY_URL": "https://127.0.0.1:1",
        "SMS_URL": "http://127.0.0.1:1",
        "PUSH_URL": "http://127.0.0.1:1",
        "FIRST_DAY": str(datetime.now(UTC).date() - timedelta(days=3)),
        "DYNAMODB_ENDPOINT": engine.url,
        "CLOCK_FILE": str(directory / "clock.json"),
        "LIMITS_FILE": str(directory / "limits.json"),
        "ASSUMPTIONS": str(ASSUMPTIONS),
        "PAYEE": PAYEE.read_text(encoding="utf-8"),
    }
    before = dict(os.environ)
    os.environ.update({f"QUEUE_{name}": value for name, value in named.items()})
    forget()
    house = House(directory)
    provider = CardProvider(outside.payments())
    stood_in = [(module, "registers", lambda: house.registers) for module in (users, consents, site)]
    stood_in += [(module, "payments", lambda: provider) for module in (money, provider_, users, wiring)]
    stood_in += [(consents, "identity_provider", lambda: house.camera), (site, "photos", Links)]
    originals = [(module, name, getattr(module, name)) for module, name, _ in stood_in]
    for module, name, by in stood_in:
        setattr(module, name, by)
    try:
        wiring.store().create_tables()
        wiring.people().create_tables()
        for checkpoint in (HERE, ELSEWHERE):
            wiring.open_days()(checkpoint=checkpoint)
        yield house
    finally:
        for module, name, original in originals:
            setattr(module, name, original)
        os.environ.clear()
        os.environ.update(before)
        forget()
