import logging
import ssl
import time
from datetime import date

import httpx
import pytest

from chalicelib.domain.registers import CheckResult, Question
from chalicelib.gateways.registries import RelayCertificates, RelayRegisters, relay
from chalicelib.jurisdictions import jurisdiction
from local.registers.certificates import Certificates
from tests.gateways.registries.conftest import SOURCES

KEYS = {
    "plate": "777AAA02",
    "country": "KZ",
    "vin": "WDB9634031L123456",
    "iin": "900101300017",
    "phone": "+77011234567",
    "document": "N12345678",
    "name": "Ahmetov",
    "declaration": "55301/031226/0000001",
    "category": "CE",
    "neighbor_country": "CN",
}

SLOW_S = 5
"""Longer than anybody's patience here, and shorter than six registers' patience one after another."""


def question(source, **keys):
    return Question(source, "vehicle", {**KEYS, **keys})


@pytest.mark.rule("17", "18")
class TestAsking:
    def test_reaches_every_register_of_the_order(self, registers):
        """
        Nineteen sources have a register, 17-1 is our own ledger; nobody steered: all pass, in the questions' order, but nobody has crossed yet.
        """
        answers = registers.ask([question(source) for source in SOURCES])

        assert SOURCES == [answer.source for answer in answers]
        assert {CheckResult.PASSED} == {answer.result for answer in answers if answer.source != "17-2"}
        assert [CheckResult.FAILED] == [answer.result for answer in answers if answer.source == "17-2"]
        assert {*SOURCES, "17-1"} == set(jurisdiction().sources.by_id)

    @pytest.mark.rule("D11")
    def test_keeps_the_end_of_what_has_one(self, registers):
        """
        Licence, permit, insurance, documents, inspection and papers of goods name a last day, well ahead.
        """
        answers = registers.ask([question(source) for source in SOURCES])

        assert {"3", "7", "8", "11", "14", "15", "16"} == {answer.source for answer in answers if answer.valid_until}
        assert all(answer.valid_until > date.today() for answer in answers if answer.valid_until)

    @pytest.mark.rule("20")
    @pytest.mark.parametrize("source", [pytest.param(source, marks=pytest.mark.rule(f"18.{source}")) for source in SOURCES])
    def test_says_why_a_register_refuses(self, registers, steer, source):
        """
        A failed check carries a message code that has a text of its own.
        """
        steer(source, "fail")

        (answer,) = registers.ask([question(source)])

        assert CheckResult.FAILED is answer.result
        assert answer.message in jurisdiction().findings
        assert answer.valid_until is None

    def test_matches_one_subject_however_the_plate_is_printed(self, registers, steer):
        """
        A register steered for one plate answers others as before.
        """
        steer("2", "fail", match={"plate": "777 aaa 02"})

        own, other = registers.ask([question("2"), question("2", plate="111BBB02")])

        assert (CheckResult.FAILED, CheckResult.PASSED) == (own.result, other.result)

    def test_refuses_a_source_without_a_register(self, registers):
        """
        The deposit is our own ledger's business: asking a register for it is a mistake.
        """
        with pytest.raises(relay.UnknownRegisterError):
            registers.ask([question("17-1")])

    @pytest.mark.rule("20")
    def test_cannot_confirm_what_was_not_filled_in(self, registers):
        """
        Without a phone number nothing can be confirmed about it: failed, with what to do.
        """
        (answer,) = registers.ask([Question("13", "driver:0", {"iin": "900101300017"})])

        assert (CheckResult.FAILED, "DATA_MISSING") == (answer.result, answer.message)

    def test_asks_nobody_for_no_questions(self, registers):
        """
        An empty list is answered by an empty one.
        """
        assert [] == list(registers.ask([]))


@pytest.mark.rule("D11")
class TestSlowness:
    def test_within_patience_is_an_answer_like_any_other(self, registers, steer):
        """
        What is merely `slow` answers in the end, and six slow registers cost one wait, not six.
        """
        for source in ("2", "3", "4", "8", "9", "14"):
            steer(source, "slow", seconds=0.4)

        started = time.monotonic()
        answers = registers.ask([question(source) for source in SOURCES])

        assert 0.4 <= time.monotonic() - started < 6 * 0.4
        assert {CheckResult.PASSED} == {answer.result for answer in answers}


@pytest.mark.rule("D11")
class TestSilence:
    def test_of_one_register_does_not_hold_up_the_others(self, registers, steer):
        """
        A slow register is unavailable after its timeout, all others have answered.
        """
        steer("8", "slow", seconds=SLOW_S)

        started = time.monotonic()
        answers = registers.ask([question(source) for source in SOURCES])

        assert time.monotonic() - started < SLOW_S
        assert ["8"] == [answer.source for answer in answers if answer.result is CheckResult.UNAVAILABLE]

    def test_of_many_lasts_as_long_as_of_one(self, registers, steer):
        """
        All are asked at once: six slow registers cost one timeout, not six.
        """
        slow = ("2", "3", "4", "8", "9", "14")
        for source in slow:
            steer(source, "slow", seconds=SLOW_S)

        started = time.monotonic()
        answers = registers.ask([question(source) for source in SOURCES])

        assert time.monotonic() - started < SLOW_S
        assert {*slow} == {answer.source for answer in answers if answer.result is CheckResult.UNAVAILABLE}

    def test_is_never_a_pass_nor_a_failure(self, registers, steer):
        """
        A register that is down is unavailable, with its own message.
        """
        steer("4", "down")

        (answer,) = registers.ask([question("4")])

        assert (CheckResult.UNAVAILABLE, "REGISTER_SILENT") == (answer.result, answer.message)

    def test_ends_with_the_register_s_return(self, registers, steer):
        """
        The next question is answered.
        """
        steer("4", "down")
        registers.ask([question("4")])
        steer("4", "pass")

        (answer,) = registers.ask([question("4")])

        assert CheckResult.PASSED is answer.result

    def test_is_what_a_dead_relay_amounts_to(self, certificates):
        """
        Nobody listens: every answer is unavailable, no exception.
        """
        dead = RelayRegisters(base_url="https://127.0.0.1:1", certificates=certificates)

        answers = dead.ask([question("2"), question("8")])

        assert {CheckResult.UNAVAILABLE} == {answer.result for answer in answers}

    def test_is_what_missing_certificates_amount_to(self, process, tmp_path):
        """
        Before the certificates lie there, nobody can be asked.
        """
        none = tmp_path / "none.pem"
        registers = RelayRegisters(base_url=process.relay, certificates=RelayCertificates(none, none, none))

        (answer,) = registers.ask([question("2")])

        assert CheckResult.UNAVAILABLE is answer.result

    @pytest.mark.parametrize(
        "reply",
        [
            httpx.Response(200, json={"reply": {}}),
            httpx.Response(200, json={"reply": {"registered": "yes", "vin_matches": True}}),
            httpx.Response(200, json=[]),
            httpx.Response(200, text="<html>"),
            httpx.Response(200, json={"reply": {"insured": True, "valid_until": "tomorrow"}}),
            httpx.Response(302, headers={"location": "https://elsewhere.example"}),
            httpx.Response(404, json={"reply": {"insured": True}}),
        ],
        ids=["empty", "wrong type", "list", "page", "no date", "redirect", "not found"],
    )
    def test_is_what_nonsense_amounts_to(self, certificates, reply):
        """
        A reply that is not what its contract says confirms nothing and refutes nothing.
        """
        registers = RelayRegisters(base_url="https://relay.example", certificates=certificates)
        registers.__dict__["_client"] = httpx.Client(base_url="https://relay.example", transport=httpx.MockTransport(lambda _: reply))

        answers = registers.ask([question("2"), question("8")])

        assert {CheckResult.UNAVAILABLE} == {answer.result for answer in answers}


class TestMutualTls:
    def test_refuses_a_client_without_a_certificate(self, process):
        """
        The relay does not talk to whoever shows nothing.
        """
        context = ssl.create_default_context(cafile=str(process.certificates / "authority.pem"))

        with pytest.raises(httpx.TransportError), httpx.Client(verify=context) as client:
            client.post(f"{process.relay}/registers/vehicles/wanted", json={"question": {}})

    def test_refuses_a_client_of_another_authority(self, process, tmp_path):
        """
        A certificate of the same name, signed by somebody else, is no certificate.
        """
        foreign = Certificates(tmp_path / "foreign")
        foreign.ensure()
        imposter = RelayCertificates(process.certificates / "authority.pem", foreign.client, foreign.client.with_suffix(".key"))

        (answer,) = RelayRegisters(base_url=process.relay, certificates=imposter).ask([question("4")])

        assert CheckResult.UNAVAILABLE is answer.result

    def test_does_not_trust_a_relay_of_another_authority(self, process, certificates, tmp_path):
        """
        We do not tell personal data to a stranger on the relay's port.
        """
        foreign = Certificates(tmp_path / "foreign")
        foreign.ensure()
        trusting = RelayCertificates(foreign.authority, certificates.certificate, certificates.key)

        (answer,) = RelayRegisters(base_url=process.relay, certificates=trusting).ask([question("4")])

        assert CheckResult.UNAVAILABLE is answer.result


class TestPersonalData:
    def test_travels_in_the_body_only(self, certificates):
        """
        Neither address nor headers hold what identifies a person, and each register gets just the keys it needs.
        """
        seen = []
        registers = RelayRegisters(base_url="https://relay.example", certificates=certificates)

        def keep(request):
            seen.append(request)
            return httpx.Response(503)

        registers.__dict__["_client"] = httpx.Client(base_url="https://relay.example", transport=httpx.MockTransport(keep))
        registers.ask([question(source) for source in SOURCES])

        personal = [KEYS[name] for name in ("iin", "phone", "document", "name")]
        assert len(SOURCES) == len({request.url.path for request in seen})
        assert not [value for request in seen for value in personal if value in f"{request.url} {request.headers}"]
        assert all(
            KEYS["iin"].encode() not in request.content
            for request in seen
            if request.url.path.endswith(("wanted", "tolls")) and "vehicles" in request.url.path
        )

    def test_is_not_logged(self, registers, steer, caplog):
        """
        A silent register is logged by its number alone.
        """
        steer("13", "down")

        with caplog.at_level(logging.DEBUG):
            registers.ask([question("13"), question("1")])

        written = f"{caplog.text} {[record.__dict__ for record in caplog.records if record.name.startswith('chalicelib')]}"
        assert "register silent" in written
        assert not [value for value in KEYS.values() if len(value) > 2 and value in written]
