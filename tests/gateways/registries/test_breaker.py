"""
Each register's breaker: it opens after silence, is probed by one round, closes on any answer; and how a register is tried twice (D11).
"""

import threading

import httpx
import pytest

from chalicelib.domain.registers import CheckResult, Question
from chalicelib.gateways.registries import RelayCertificates, RelayRegisters, measures
from chalicelib.gateways.registries.breaker import FAILURES_TO_OPEN, OPEN_SECONDS, Breakers, BreakerState
from tests.gateways.registries.test_relay import KEYS, question

ALL = [str(number) for number in range(1, 18)]
PASS = {"reply": {"wanted": False}}


class Watch:
    """
    Seconds that stand until they are moved.
    """

    def __init__(self):
        self.time = 1_000.0

    def __call__(self):
        """
        Give the seconds.
        """
        return self.time


class Line:
    """
    The relay's stand-in: answers as told, remembers what it was asked.
    """

    def __init__(self, watch, monkeypatch):
        self.replies = []
        self.asked = []
        self.states = []
        self.answered = []
        monkeypatch.setattr(measures, "tell_breaker", lambda source, state: self.states.append((source, state.value)))
        monkeypatch.setattr(measures, "tell_answers", self.answered.extend)
        nowhere = RelayCertificates(None, None, None)
        self.registers = RelayRegisters(base_url="https://relay.example", certificates=nowhere, now=watch)
        transport = httpx.MockTransport(self._answer)
        self.registers.__dict__["_client"] = httpx.Client(base_url="https://relay.example", transport=transport)

    def _answer(self, request):
        self.asked.append(request.url.path)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply

    def ask(self, *sources):
        """
        Ask: the results.
        """
        return [answer.result.value for answer in self.registers.ask([question(source) for source in sources])]


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def line(watch, monkeypatch):
    return Line(watch, monkeypatch)


def silent():
    """
    A register that says it cannot.
    """
    return httpx.Response(503)


@pytest.mark.rule("17", "D11")
class TestBreaker:
    def test_opens_after_silent_rounds_in_a_row_and_asks_no_more(self, line, watch):
        """
        Five silent rounds; then the register is left alone, which is silence too, never a pass.
        """
        line.replies = [silent()]
        for _ in range(FAILURES_TO_OPEN):
            line.ask("4")
        asked = len(line.asked)

        assert ["unavailable"] == line.ask("4")
        assert (asked, [("4", "open")]) == (len(line.asked), line.states)

    def test_is_probed_by_one_round_after_its_pause(self, line, watch):
        """
        Half-open: the first round asks, one beside it does not; the answer closes it for all.
        """
        breakers = line.registers.breakers
        for _ in range(FAILURES_TO_OPEN):
            breakers.settle("4", answered=False)
        watch.time += OPEN_SECONDS

        assert [True, False] == [breakers.admits("4"), breakers.admits("4")]
        breakers.settle("4", answered=True)
        assert breakers.admits("4")
        assert [("4", "open"), ("4", "half_open"), ("4", "closed")] == line.states

    def test_opens_again_when_the_probe_is_silent(self, line, watch):
        """
        One silent probe is enough for another pause.
        """
        breakers = line.registers.breakers
        for _ in range(FAILURES_TO_OPEN):
            breakers.settle("4", answered=False)
        watch.time += OPEN_SECONDS
        breakers.admits("4")
        breakers.settle("4", answered=False)

        assert not breakers.admits("4")
        assert BreakerState.OPEN is breakers.state("4")

    @pytest.mark.parametrize("moved", [OPEN_SECONDS, -3_600.0, 86_400.0])
    def test_never_shuts_a_register_out_for_good(self, watch, moved):
        """
        A probe whose outcome never came, a clock that jumped either way: after the pause it is tried again.
        """
        breakers = Breakers(now=watch, tell=lambda *_: None)
        for _ in range(FAILURES_TO_OPEN):
            breakers.settle("4", answered=False)
        watch.time += OPEN_SECONDS
        assert breakers.admits("4")
        watch.time += moved

        assert breakers.admits("4")

    def test_counts_rounds_in_a_row_only(self, line):
        """
        An answer between, even a refusal, starts the count anew.
        """
        line.replies = [silent()]
        for _ in range(FAILURES_TO_OPEN - 1):
            line.ask("4")
        line.replies = [httpx.Response(200, json={"reply": {"wanted": True}})]
        assert ["failed"] == line.ask("4")
        line.replies = [silent()]
        for _ in range(FAILURES_TO_OPEN - 1):
            line.ask("4")

        assert [] == line.states

    def test_belongs_to_one_register_alone(self, line):
        """
        One register's pause does not keep the others from being asked.
        """
        for _ in range(FAILURES_TO_OPEN):
            line.registers.breakers.settle("4", answered=False)
        line.replies = [httpx.Response(200, json={"reply": {"debt": False}})]

        assert ["unavailable", "passed"] == line.ask("4", "17")

    def test_is_not_opened_by_what_was_never_asked(self, line):
        """
        An application without a phone says nothing about the register of phones.
        """
        for _ in range(FAILURES_TO_OPEN):
            line.registers.ask([Question("13", "driver:0", {"iin": KEYS["iin"]})])

        assert BreakerState.CLOSED is line.registers.breakers.state("13")

    def test_is_shared_by_threads(self, watch):
        """
        Thirty-two threads at once after the pause: one probes.
        """
        breakers = Breakers(now=watch, tell=lambda *_: None)
        for _ in range(FAILURES_TO_OPEN):
            breakers.settle("4", answered=False)
        watch.time += OPEN_SECONDS
        admitted = []
        threads = [threading.Thread(target=lambda: admitted.append(breakers.admits("4"))) for _ in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert 1 == sum(admitted)


@pytest.mark.rule("17", "D11")
class TestTries:
    @pytest.mark.parametrize(
        "first", [httpx.Response(503), httpx.Response(500), httpx.ConnectError("refused")], ids=["503", "500", "refused"]
    )
    def test_are_two_where_the_relay_could_not(self, line, first):
        """
        What the relay could not do at once is asked once more within the same patience.
        """
        line.replies = [first, httpx.Response(200, json=PASS)]

        assert (["passed"], 2) == (line.ask("4"), len(line.asked))

    @pytest.mark.parametrize("reply", [httpx.Response(404), httpx.Response(200, text="<html>"), httpx.ReadTimeout("slow")])
    def test_are_one_where_asking_again_changes_nothing(self, line, reply):
        """
        Nonsense, refusal and spent patience are silence at once.
        """
        line.replies = [reply]

        assert (["unavailable"], 1) == (line.ask("4"), len(line.asked))


@pytest.mark.rule("17", "D11")
class TestRound:
    def test_asks_all_registers_at_the_same_time(self, line):
        """
        Every question waits until all have been asked: a round that asked them in turn would never end in answers.
        """
        gathered = threading.Barrier(len(ALL))

        def together(_):
            gathered.wait(timeout=10)
            return httpx.Response(503)

        transport = httpx.MockTransport(together)
        line.registers.__dict__["_client"] = httpx.Client(base_url="https://relay.example", transport=transport)
        line.registers._timeouts = dict.fromkeys(ALL, 10.0)

        assert {"unavailable"} == set(line.ask(*ALL))
        assert not gathered.broken

    def test_does_not_look_at_what_comes_after_its_patience(self, line):
        """
        A register that answers too late stays silent for this round; its late pass is no pass.
        """
        late = threading.Event()

        def dawdle(_):
            late.wait(timeout=10)
            return httpx.Response(200, json=PASS)

        line.registers.__dict__["_client"] = httpx.Client(base_url="https://relay.example", transport=httpx.MockTransport(dawdle))
        line.registers._timeouts = {"4": 0.01}
        answers = line.registers.ask([question("4")])
        late.set()

        assert [CheckResult.UNAVAILABLE] == [answer.result for answer in answers]

    def test_is_counted_by_source_and_result_and_nothing_personal(self, line, monkeypatch, capsys):
        """
        Metrics name source, result and milliseconds; no key of any question appears.
        """
        monkeypatch.undo()
        line.replies = [httpx.Response(200, json=PASS)]
        line.ask("4", "13")
        measures.tell_breaker("4", BreakerState.OPEN)

        written = capsys.readouterr().out
        assert all(
            word in written for word in ('"RegisterAsked"', '"source":"4"', '"result":"passed"', '"RegisterBreaker"', '"state":"open"')
        )
        assert not [value for name, value in KEYS.items() if name not in {"country", "category", "neighbor_country"} and value in written]
