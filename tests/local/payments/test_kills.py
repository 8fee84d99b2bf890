import time
from concurrent.futures import ThreadPoolExecutor

import stripe

PAYMENTS = 80
KILLS = 4


def pay(sdk, number):
    """
    Pay as a client that commits its attempt first: the same key until there is an answer.
    """
    fields = {"amount": 100_000 + number, "currency": "kzt", "payment_method": "pm_card_visa", "confirm": True}
    for _ in range(400):
        try:
            return sdk.v1.payment_intents.create(fields, {"idempotency_key": f"attempt-{number}"}).id
        except (stripe.APIConnectionError, stripe.APIError):
            time.sleep(0.05)
    raise AssertionError("never answered")


class TestKills:
    def test_lose_nothing_and_do_nothing_twice(self, sender, inbox):
        """
        Killed again and again under payments from eight clients, every attempt is one payment, one charge, and told of.
        """
        sdk = sender.sdk()
        with ThreadPoolExecutor(8) as clients:
            paying = [clients.submit(pay, sdk, number) for number in range(PAYMENTS)]
            for _ in range(KILLS):
                time.sleep(0.3)
                sender.kill()
                sender.start()
            intents = [future.result() for future in paying]

        assert sender.drain() == {"pending": 0}
        assert len(set(intents)) == PAYMENTS
        charges = list(sdk.v1.charges.list({"limit": 100}).auto_paging_iter())
        assert sorted(charge.amount for charge in charges) == [100_000 + number for number in range(PAYMENTS)]
        assert {letter.event["data"]["object"]["id"] for letter in inbox.of("payment_intent.succeeded")} == set(intents)
