import time

import httpx
import pytest
import stripe

from tests.local.payments.double import WEBHOOK_SECRET, wait_until


def pay(sdk, card="pm_card_visa", amount=100_000):
    return sdk.v1.payment_intents.create({"amount": amount, "currency": "kzt", "payment_method": card, "confirm": True})


class TestWebhooks:
    def test_tell_of_everything_in_a_form_the_sdk_accepts(self, sender, inbox):
        """
        Payment and refund arrive signed, in order, as the events that the API lists.
        """
        sdk = sender.sdk()
        intent = pay(sdk)
        sdk.v1.refunds.create({"payment_intent": intent.id, "amount": 40_000})
        assert sender.drain() == {"pending": 0}

        events = [stripe.Webhook.construct_event(letter.payload, letter.signature, WEBHOOK_SECRET) for letter in inbox.letters]

        assert {"payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "refund.created", "charge.refunded"} == {
            event.type for event in events
        }
        assert {event.id for event in events} == {event.id for event in sdk.v1.events.list()}
        succeeded = next(event for event in events if event.type == "payment_intent.succeeded")
        assert (succeeded.data.object.id, succeeded.data.object.amount_received) == (intent.id, 100_000)

    @pytest.mark.parametrize(
        ("card", "kind"),
        [("pm_card_chargeDeclined", "payment_intent.payment_failed"), ("pm_card_createDispute", "charge.dispute.created")],
    )
    def test_tell_of_trouble(self, sender, inbox, card, kind):
        """
        A decline and a dispute have their events, with the intent in them.
        """
        try:
            pay(sender.sdk(), card=card)
        except stripe.CardError:
            assert card == "pm_card_chargeDeclined"

        letter = wait_until(lambda: inbox.of(kind))[0]

        subject = letter.event["data"]["object"]
        assert subject.get("payment_intent", subject["id"]) == sender.sdk().v1.payment_intents.list().data[0].id

    def test_come_back_until_they_are_taken(self, sender, inbox):
        """
        A receiver that fails, redirects and refuses gets the same event again, signed anew, until it says 2xx; then no more.
        """
        inbox.statuses = [500, 302, 400]
        event = sender.sdk().v1.customers.create({"description": "acc-1"})

        letters = wait_until(lambda: len(inbox.letters) == 4 and list(inbox.letters))

        assert event.id
        assert len({letter.payload for letter in letters}) == 1
        assert len({letter.signature for letter in letters}) > 1
        assert sender.drain() == {"pending": 0}
        assert len(inbox.letters) == 4

    def test_wait_for_a_receiver_that_is_down(self, sender, inbox):
        """
        Nothing is lost while nobody listens.
        """
        inbox.close()
        pay(sender.sdk())
        time.sleep(0.5)
        inbox.open()

        wait_until(lambda: len(inbox.letters) == 3)

        assert {"payment_intent.created", "charge.succeeded", "payment_intent.succeeded"} == set(inbox.types())

    def test_survive_a_kill_in_mid_delivery(self, sender, inbox):
        """
        SIGKILL while the receiver is still thinking: the same event comes again from the next process.
        """
        inbox.gate.clear()
        sender.sdk().v1.customers.create({"description": "acc-1"})
        first = wait_until(lambda: inbox.of("customer.created"))[0]
        sender.kill()
        inbox.gate.set()
        sender.start()

        again = wait_until(lambda: len(inbox.of("customer.created")) > 1 and inbox.of("customer.created")[-1])

        assert again.payload == first.payload
        assert sender.drain() == {"pending": 0}

    def test_survive_a_kill_before_delivery(self, sender, inbox):
        """
        What was paid before a SIGKILL is told of after it, once.
        """
        sender.turn("webhooks", paused=True)
        intent = pay(sender.sdk())
        sender.kill()
        sender.start()
        assert inbox.letters == []
        assert sender.turn("webhooks")["deliveries"]["pending"] == 3

        sender.drain()

        assert sender.sdk().v1.payment_intents.retrieve(intent.id).status == "succeeded"
        assert ["charge.succeeded", "payment_intent.created", "payment_intent.succeeded"] == sorted(inbox.types())


class TestKnobs:
    def test_duplicate_every_event(self, sender, inbox):
        """
        Three copies of one event are the same event three times.
        """
        sender.turn("webhooks", duplicate=3)
        pay(sender.sdk())
        sender.drain()

        ids = [letter.event["id"] for letter in inbox.letters]

        assert sorted(ids) == sorted(3 * list(dict.fromkeys(ids)))
        assert len(ids) == 9

    def test_shuffle_the_order(self, sender, inbox):
        """
        Held back and shuffled, events do not arrive as they happened, and all arrive.
        """
        sender.turn("webhooks", paused=True)
        customers = [sender.sdk().v1.customers.create({"description": str(number)}).id for number in range(20)]
        sender.turn("webhooks", shuffle=True)
        sender.drain()

        arrived = [letter.event["data"]["object"]["id"] for letter in inbox.letters]

        assert sorted(arrived) == sorted(customers)
        assert arrived != customers

    def test_delay(self, sender, inbox):
        """
        A delayed event is not there before its time.
        """
        sender.turn("webhooks", delay_seconds=2)
        started = time.time()
        sender.sdk().v1.customers.create({})
        sender.drain()

        assert time.time() - started > 0.9
        assert ["customer.created"] == inbox.types()

    def test_lose_what_is_sent_and_send_it_again(self, sender, inbox):
        """
        Lost tries are tried again like refused ones; a delivered event can be asked for once more.
        """
        sender.turn("webhooks", lose=2)
        sender.sdk().v1.customers.create({})
        sender.drain()
        assert ["customer.created"] == inbox.types()

        sent = sender.call("POST", "/_double/webhooks/resend")
        assert sent.status_code == 422
        event = inbox.letters[0].event["id"]
        httpx.post(f"{sender.base_url}/_double/webhooks/resend", json={"event": event}, trust_env=False)

        assert wait_until(lambda: len(inbox.letters) == 2 and inbox.letters[1].event["id"] == event)

    def test_refuse_what_they_do_not_know(self, sender):
        """
        A mistyped knob is told, not ignored.
        """
        for knobs in ({"duplicates": 2}, {"duplicate": 0}, {"delay_seconds": -1}):
            assert httpx.put(f"{sender.base_url}/_double/webhooks", json=knobs, trust_env=False).status_code == 422
