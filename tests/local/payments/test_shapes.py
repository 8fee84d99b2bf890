"""
The double's objects against the SDK's own typed models: the same names, the same types, nothing required missing.
"""

import inspect
import types
import typing

import pytest
import stripe


class _Names(dict):
    """
    Names that the SDK imports only for type checkers.
    """

    def __missing__(self, name):
        return getattr(stripe, name, typing.Any)


def faults(value, hint, path):
    """
    Every way in which a JSON value is not of the annotated type, by its path.
    """
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is typing.Any:
        return []
    if origin in {typing.Union, types.UnionType}:
        tries = [faults(value, part, path) for part in arguments]
        return [] if any(not found for found in tries) else min(tries, key=len)
    if origin is typing.Literal:
        return [] if value in arguments else [f"{path}: {value!r} is none of {arguments}"]
    if origin is list or (isinstance(origin, type) and issubclass(origin, stripe.ListObject)):
        items = value if isinstance(value, list) else (value or {}).get("data")
        return (
            [fault for item in items for fault in faults(item, arguments[0], f"{path}[]")]
            if isinstance(items, list)
            else [f"{path}: no list"]
        )
    model = origin or hint
    if issubclass(model, stripe.StripeObject):
        return _object_faults(value, model, path) if isinstance(value, dict) else [f"{path}: {value!r} is no {model.__name__}"]
    return [] if type(value) is model else [f"{path}: {value!r} is no {model.__name__}"]


def _object_faults(value, model, path):
    hints = {name: hint for name, hint in typing.get_type_hints(model, localns=_Names()).items() if name in _declared(model)}
    if not hints:
        return []
    found = [f"{path}.{name}: unknown to the SDK" for name in value.keys() - hints.keys() - _remapped(model)]
    for name, hint in hints.items():
        if name in value:
            found += faults(value[name], hint, f"{path}.{name}")
        elif type(None) not in typing.get_args(hint):
            found.append(f"{path}.{name}: missing")
    return found


def _declared(model):
    return {
        name
        for kind in model.__mro__
        if kind.__module__.startswith("stripe") and kind not in stripe.StripeObject.__mro__
        for name in inspect.get_annotations(kind)
        if not name.startswith("_") and name != "OBJECT_NAME"
    }


def _remapped(model):
    return set(getattr(model, "_field_remappings", {}))


@pytest.fixture(scope="module")
def objects(double):
    """
    One of each kind, as it goes over the wire.
    """
    sdk = double.sdk()
    customer = sdk.v1.customers.create({"description": "acc-1"})
    for card in ("pm_card_visa", "pm_card_createDispute", "pm_card_chargeDeclined"):
        fields = {"amount": 100_000, "currency": "kzt", "customer": customer.id, "automatic_payment_methods": {"enabled": True}}
        intent = sdk.v1.payment_intents.create(fields)
        double.call("POST", f"/v1/payment_intents/{intent.id}/confirm", payment_method=card)
    paid = next(charge for charge in sdk.v1.charges.list() if charge.paid and not charge.disputed)
    sdk.v1.refunds.create({"charge": paid.id, "amount": 40_000})
    for card in ("pm_card_pendingRefund", "pm_card_refundFail"):
        made = {"amount": 100_000, "currency": "kzt", "payment_method": card, "confirm": True}
        sdk.v1.refunds.create({"payment_intent": sdk.v1.payment_intents.create(made).id})
    sdk.v1.disputes.update(sdk.v1.disputes.list().data[0].id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    for bank in ("ba_local", "ba_local_failing"):
        sdk.v1.payouts.create({"amount": 20_000, "currency": "kzt", "destination": bank})
    kinds = ("payment_intents", "charges", "refunds", "disputes", "payouts", "customers", "events", "balance_transactions")
    return {kind: double.call("GET", f"/v1/{kind}", limit=50).json()["data"] for kind in kinds}


MODELS = {
    "payment_intents": stripe.PaymentIntent,
    "charges": stripe.Charge,
    "refunds": stripe.Refund,
    "disputes": stripe.Dispute,
    "payouts": stripe.Payout,
    "customers": stripe.Customer,
    "balance_transactions": stripe.BalanceTransaction,
}


class TestShapes:
    @pytest.mark.parametrize("kind", MODELS)
    def test_are_those_of_the_sdk(self, objects, kind):
        """
        Every field is known to the SDK's model with that type, and no field it promises is missing.
        """
        assert objects[kind]
        assert [] == [fault for body in objects[kind] for fault in faults(body, MODELS[kind], body["id"])]

    def test_of_events_hold_the_object_they_tell_of(self, objects):
        """
        Events are the SDK's events, of types it knows, around objects that are themselves right.
        """
        by_object = {model.OBJECT_NAME: model for model in MODELS.values()}
        for event in objects["events"]:
            subject = event["data"]["object"]
            assert [] == faults(event, stripe.Event, event["type"])
            assert [] == faults(subject, by_object[subject["object"]], event["type"])
        seen = {event["type"] for event in objects["events"]}
        assert {
            "payment_intent.created", "payment_intent.succeeded", "payment_intent.payment_failed", "charge.succeeded", "charge.failed",
            "charge.refunded", "refund.created", "charge.dispute.created", "refund.updated", "refund.failed", "charge.dispute.closed",
            "payout.created", "payout.paid", "payout.failed",
        } <= seen  # fmt: skip

    def test_can_be_told_wrong(self, objects):
        """
        The comparison itself notices a wrong type, a missing field and an invented one.
        """
        right = next(body for body in objects["charges"] if body["paid"])
        assert faults(right | {"amount": "100000"}, stripe.Charge, "charge")
        assert faults(right | {"payment": 1}, stripe.Charge, "charge")
        assert faults({name: value for name, value in right.items() if name != "paid"}, stripe.Charge, "charge")
        assert faults(right | {"outcome": right["outcome"] | {"risk_level": 5}}, stripe.Charge, "charge")
