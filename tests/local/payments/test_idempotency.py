import threading
import uuid

import httpx
import pytest
import stripe

from tests.local.payments.double import PUBLISHABLE_KEY, RunningDouble, wait_until

FIELDS = {"amount": "865000", "currency": "kzt"}


@pytest.fixture
def key():
    return {"Idempotency-Key": str(uuid.uuid4())}


@pytest.fixture
def own(tmp_path):
    """
    A double whose knobs disturb no other test.
    """
    running = RunningDouble(tmp_path / "double").start()
    yield running
    running.stop()


class TestIdempotencyKey:
    def test_repeats_the_first_answer(self, double, key):
        """
        The same key gives the same bytes again, marked as a replay of the first request.
        """
        first = double.call("POST", "/v1/payment_intents", headers=key, **FIELDS)
        again = double.call("POST", "/v1/payment_intents", headers=key, **dict(reversed(FIELDS.items())))

        assert (again.status_code, again.content) == (200, first.content)
        assert "idempotent-replayed" not in first.headers
        assert again.headers["idempotent-replayed"] == "true"
        assert again.headers["original-request"] == first.headers["request-id"] != again.headers["request-id"]

    def test_repeats_a_decline_without_charging_again(self, double, key):
        """
        A declined confirmation is an answer like any other: replayed, with one failed charge.
        """
        intent = double.call("POST", "/v1/payment_intents", **FIELDS).json()
        path = f"/v1/payment_intents/{intent['id']}/confirm"

        answers = [double.call("POST", path, headers=key, payment_method="pm_card_chargeDeclined") for _ in range(2)]

        assert [402, 402] == [answer.status_code for answer in answers]
        assert answers[0].content == answers[1].content
        assert len(double.sdk().v1.charges.list({"payment_intent": intent["id"]}).data) == 1

    def test_belongs_to_its_parameters_and_address(self, double, key):
        """
        Another amount or another address under the same key is an idempotency_error, in the SDK too.
        """
        double.call("POST", "/v1/payment_intents", headers=key, **FIELDS)

        with pytest.raises(stripe.IdempotencyError):
            double.sdk().v1.payment_intents.create({"amount": 865_001, "currency": "kzt"}, {"idempotency_key": key["Idempotency-Key"]})
        elsewhere = double.call("POST", "/v1/customers", headers=key, name="acc-1")
        assert (elsewhere.status_code, elsewhere.json()["error"]["type"]) == (400, "idempotency_error")

    def test_is_not_spent_by_bad_parameters(self, double, key):
        """
        What failed validation was never executed: the key is still good.
        """
        assert double.call("POST", "/v1/payment_intents", headers=key, amount="1", currency="kzt").status_code == 400
        assert double.call("POST", "/v1/payment_intents", headers=key, **FIELDS).status_code == 200

    def test_is_locked_while_its_request_runs(self, own, key):
        """
        A second request under a running key gets 409 at once, and the first ends as if nothing had been.
        """
        own.turn("answers", delay_seconds=1.5)

        answers, threads = _two_at_once(own, key)
        for thread in threads:
            thread.join()

        assert [200, "idempotency_key_in_use"] == sorted(answers, key=str)
        assert len(own.sdk().v1.payment_intents.list().data) == 1

    def test_is_free_again_after_a_kill_in_mid_request(self, own, key):
        """
        SIGKILL while a request runs leaves neither its effect nor its lock: the same key then works, once.
        """
        own.turn("answers", delay_seconds=30)
        answers, threads = _two_at_once(own, key)
        wait_until(lambda: answers == ["idempotency_key_in_use"])
        own.kill()
        for thread in threads:
            thread.join()
        own.start()
        own.turn("answers")

        again = own.call("POST", "/v1/payment_intents", headers=key, **FIELDS)

        assert answers[1] == "no answer"
        assert again.status_code == 200
        assert "idempotent-replayed" not in again.headers
        assert [again.json()["id"]] == [intent.id for intent in own.sdk().v1.payment_intents.list()]

    def test_finds_an_answer_that_was_lost_before_a_kill(self, own, key):
        """
        Carried out, unanswered, and then killed: the same key gets the answer that was lost.
        """
        own.turn("answers", lose_after=1)
        with pytest.raises(stripe.APIConnectionError):
            own.sdk().v1.payment_intents.create({"amount": 865_000, "currency": "kzt"}, {"idempotency_key": key["Idempotency-Key"]})
        own.kill()
        own.start()

        intent = own.sdk().v1.payment_intents.create({"amount": 865_000, "currency": "kzt"}, {"idempotency_key": key["Idempotency-Key"]})

        assert intent.last_response.headers["idempotent-replayed"] == "true"
        assert [intent.id] == [known.id for known in own.sdk().v1.payment_intents.list()]

    def test_refused_before_it_ran_is_not_kept(self, own, key):
        """
        A 503 before anything was done does not stick to the key.
        """
        own.turn("answers", refuse_before=1)
        assert own.call("POST", "/v1/payment_intents", headers=key, **FIELDS).status_code == 503
        assert own.call("POST", "/v1/payment_intents", headers=key, **FIELDS).status_code == 200

    def test_of_a_payer_cannot_read_the_answers_of_the_account(self, double, key):
        """
        A key used with the secret key replays nothing to the publishable key.
        """
        intent = double.call("POST", "/v1/payment_intents", **FIELDS).json()
        path = f"/v1/payment_intents/{intent['id']}/confirm"
        fields = {"payment_method": "pm_card_visa", "client_secret": intent["client_secret"]}
        double.call("POST", path, headers=key, **fields)

        answer = double.call("POST", path, key=PUBLISHABLE_KEY, headers=key, **fields)

        assert "latest_charge" not in answer.text


def _two_at_once(double, key):
    """
    Two requests under one key at the same time; what each ended with, in the order in which they ended.
    """
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(_outcome(double, key))) for _ in range(2)]
    for thread in threads:
        thread.start()
    return answers, threads


def _outcome(double, key):
    try:
        answer = double.call("POST", "/v1/payment_intents", headers=key, **FIELDS)
    except httpx.HTTPError:
        return "no answer"
    return answer.json()["error"]["code"] if answer.is_error else answer.status_code
