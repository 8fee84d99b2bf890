import ssl
import stat
import threading
import time

import httpx
import pytest

from chalicelib.gateways.registries.relay import REGISTERS
from local.registers.certificates import Certificates
from local.registers.modes import SLOW_SECONDS
from tests.local.registers.process import RegistersProcess


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    """
    One simulator for a module's tests.
    """
    running = RegistersProcess(tmp_path_factory.mktemp("registers"))
    yield running
    running.kill()


def steer(process, source, **body):
    return httpx.put(f"{process.control}/registries/{source}", json=body)


def settings(process, source):
    items = httpx.get(f"{process.control}/registries").json()["items"]
    return [(item["mode"], item["match"]) for item in items if item["source"] == source]


def ask(process, **keys):
    folder = process.certificates
    context = ssl.create_default_context(cafile=str(folder / "authority.pem"))
    context.load_cert_chain(folder / "client.pem", folder / "client.key")
    with httpx.Client(verify=context, timeout=30) as client:
        return client.post(f"{process.relay}/registers/vehicles/wanted", json={"question": keys})


class TestSteering:
    @pytest.mark.parametrize("source", [*(str(number) for number in range(1, 18)), "17-1", "17-2", "18"])
    def test_takes_every_source_of_the_order(self, process, source):
        """
        All twenty may be steered.
        """
        assert 200 == steer(process, source, mode="pass").status_code

    @pytest.mark.parametrize("source", ["0", "19", "17-3", "", "a/b"])
    def test_knows_no_other_source(self, process, source):
        """
        404 for what §18 does not list.
        """
        assert 404 == steer(process, source, mode="pass").status_code

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"mode": "burn"},
            {"mode": "fail", "match": {}},
            {"mode": "fail", "match": {"plate": "A", "vin": "B"}},
            {"mode": "fail", "match": {"name": "x"}},
            {"mode": "fail", "more": 1},
        ],
    )
    def test_refuses_nonsense_and_changes_nothing(self, process, body):
        """
        422, and the register behaves as before.
        """
        before = settings(process, "5")

        assert 422 == steer(process, "5", **body).status_code
        assert before == settings(process, "5")

    def test_for_everyone_forgets_single_subjects(self, process):
        """
        "All pass again" means all.
        """
        steer(process, "4", mode="fail", match={"plate": "777AAA02"})
        assert ask(process, plate="777AAA02").json()["reply"]["wanted"]

        steer(process, "4", mode="pass")

        assert not ask(process, plate="777AAA02").json()["reply"]["wanted"]

    def test_for_one_subject_outweighs_everyone(self, process):
        """
        A register down for everyone may still answer one vehicle.
        """
        steer(process, "4", mode="down")
        steer(process, "4", mode="pass", match={"vin": "WDB1"})

        assert (503, 200) == (ask(process, vin="OTHER").status_code, ask(process, vin="WDB1").status_code)

    def test_slowness_is_within_the_queue_s_patience(self):
        """
        `slow` is told apart from `down`: it lasts less than the queue waits.
        """
        patience = min(register.timeout_seconds for register in REGISTERS.values())

        assert SLOW_SECONDS < patience

    def test_takes_no_form_of_a_browser_s_page(self, process):
        """
        A body that is not declared as JSON is refused, so that a visited page cannot steer this machine.
        """
        answer = httpx.put(f"{process.control}/registries/4", content='{"mode": "fail"}', headers={"content-type": "text/plain"})

        assert 400 == answer.status_code


class TestProcess:
    def test_keeps_settings_and_certificates_over_a_power_cut(self, tmp_path):
        """
        Killed and started again: registers behave as steered, texts are there, clients need no new certificate.
        """
        first = RegistersProcess(tmp_path)
        steer(first, "4", mode="fail")
        httpx.post(f"{first.control}/messages", json={"id": "1", "channel": "sms", "to": "+7", "text": "kept"})
        authority = (first.certificates / "authority.pem").read_bytes()
        first.kill()

        second = RegistersProcess(tmp_path)
        try:
            assert ask(second).json()["reply"]["wanted"]
            assert "kept" == httpx.get(f"{second.control}/outbox").json()["items"][0]["text"]
            assert authority == (second.certificates / "authority.pem").read_bytes()
        finally:
            second.kill()

    def test_leaves_at_once_when_asked_even_while_being_slow(self, tmp_path):
        """
        SIGTERM ends it within two seconds with a register still dawdling.
        """
        process = RegistersProcess(tmp_path)
        steer(process, "4", mode="slow", seconds=30)
        waiting = threading.Thread(target=ask, args=(process,))
        waiting.start()
        time.sleep(0.5)

        started = time.monotonic()
        status = process.stop()

        waiting.join(timeout=10)
        assert 0 == status
        assert time.monotonic() - started < 3


class TestCertificates:
    def test_are_made_once(self, tmp_path):
        """
        What is good is kept.
        """
        certificates = Certificates(tmp_path)
        certificates.ensure()
        before = certificates.server.read_bytes()

        certificates.ensure()

        assert before == certificates.server.read_bytes()

    def test_are_made_anew_when_one_is_missing(self, tmp_path):
        """
        Half a set is none: all fit together again.
        """
        certificates = Certificates(tmp_path)
        certificates.ensure()
        before = certificates.authority.read_bytes()
        certificates.client.unlink()

        certificates.ensure()

        assert before != certificates.authority.read_bytes()
        assert certificates.client.exists()

    def test_keep_their_keys_to_the_owner(self, tmp_path):
        """
        Nobody else on the machine reads a key.
        """
        certificates = Certificates(tmp_path)
        certificates.ensure()

        modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("*.key")}

        assert {0o600} == modes
