import logging
import random
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.registers import Answer, CheckResult, Question
from chalicelib.gateways.registries import consents, debts, drivers, haulage, measures, persons, vehicles
from chalicelib.gateways.registries.breaker import Breakers
from chalicelib.gateways.registries.register import DATA_MISSING, Register, UnableToReadReplyError

if TYPE_CHECKING:
    import httpx

LOGGER = logging.getLogger(__name__)

REGISTERS: Final[Mapping[str, Register]] = {
    register.source: register
    for group in (persons.REGISTERS, drivers.REGISTERS, vehicles.REGISTERS, haulage.REGISTERS, debts.REGISTERS, consents.REGISTERS)
    for register in group
}
"""Every register of §18, and the service of consents (§16); 17-1 is our own ledger (D11) and has none."""

SILENT: Final = "REGISTER_SILENT"
MOST_AT_ONCE: Final = 48
GRACE_SECONDS: Final = 0.25  # a thread may need a moment beyond its timeout to say so
KEEPALIVE_SECONDS: Final = 3.0  # below the relay's own, so that a connection is never used while being closed
RETRY_AFTER_SECONDS: Final = (0.05, 0.15)
OK: Final = 200
SERVER_ERROR: Final = 500


class UnknownRegisterError(KeyError):
    """
    A question names a source that no register stands behind.
    """


@dataclass(frozen=True, slots=True)
class RelayCertificates:
    """
    PEM files of mutual TLS: the relay's authority, our certificate and its key.
    """

    authority: Path
    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """
        Trust the relay's authority alone, and show who we are.
        """
        context = ssl.create_default_context(cafile=str(self.authority))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate, self.key)
        return context


class RelayRegisters:
    """
    The `Registers` port over one HTTPS relay on the state's closed bus. Personal values travel in bodies only, never in a URL or a log.

    Each register has its own timeout, a second try and a breaker; `now` gives the breakers' seconds, `timeouts` overrides patience by source.
    """

    def __init__(
        self,
        *,
        base_url: str,
        certificates: RelayCertificates,
        timeouts: Mapping[str, float] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._certificates = certificates
        self._timeouts = timeouts or {}
        self.breakers = Breakers(now=now, tell=measures.tell_breaker)

    @cached_property
    def _client(self) -> "httpx.Client":
        import httpx  # noqa: PLC0415 - loads with the first question, not with the handler

        limits = httpx.Limits(max_connections=MOST_AT_ONCE, max_keepalive_connections=MOST_AT_ONCE, keepalive_expiry=KEEPALIVE_SECONDS)
        return httpx.Client(base_url=self._base_url, verify=self._certificates.context(), limits=limits, follow_redirects=False)

    def ask(self, questions: Sequence[Question]) -> Sequence[Answer]:
        """
        Ask all in parallel, answers in the questions' order. A silent register is `unavailable` within its timeout, never an exception.

        A source without a register raises `UnknownRegisterError`.
        """
        registers = [self._register(question.source) for question in questions]
        if not questions:
            return ()
        admitted = {source: self.breakers.admits(source) for source in {question.source for question in questions}}
        asked = [index for index, question in enumerate(questions) if admitted[question.source]]
        answers = dict(zip(asked, self._answers([(registers[index], questions[index]) for index in asked]), strict=False))
        found = [answers.get(index) or _silent(question, asked_ms=0) for index, question in enumerate(questions)]
        for source in sorted(source for source, asked in admitted.items() if asked):
            told = [answer for answer in found if answer.source == source and answer.message != DATA_MISSING]
            if told:
                self.breakers.settle(source, answered=any(answer.message != SILENT for answer in told))
        measures.tell_answers(found)
        return found

    def _answers(self, asked: Sequence[tuple[Register, Question]]) -> Sequence[Answer]:
        """
        Ask those registers, or none where the relay cannot be reached; what comes after its register's patience is not looked at any more.
        """
        try:
            client = self._client
        except OSError as error:  # certificates not (yet) there: nobody can be asked, which is no answer at all
            LOGGER.error("relay unreachable", extra={"error": type(error).__name__})  # noqa: TRY400 - the trace would tell no more
            return ()
        if not asked:
            return ()
        pool = ThreadPoolExecutor(max_workers=min(len(asked), MOST_AT_ONCE), thread_name_prefix="register")
        try:
            futures = [pool.submit(_ask, client, self._timeout(register), register, question) for register, question in asked]
            wait(futures, timeout=max(self._timeout(register) for register, _ in asked) + GRACE_SECONDS)
            return [
                _settled(future, question, self._timeout(register)) for future, (register, question) in zip(futures, asked, strict=True)
            ]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _register(self, source: str) -> Register:
        if source not in REGISTERS:
            raise UnknownRegisterError(source)
        return REGISTERS[source]

    def _timeout(self, register: Register) -> float:
        return self._timeouts.get(register.source, register.timeout_seconds)


def _ask(client: "httpx.Client", timeout: float, register: Register, question: Question) -> Answer:
    import httpx  # noqa: PLC0415 - loaded by now

    started = time.monotonic()
    document = register.ask(question.keys)
    if document is None:
        return Answer(question.source, question.subject, CheckResult.FAILED, message=DATA_MISSING)
    try:
        reply = _post(client, f"/registers/{register.path}", _envelope(question, document), patience=timeout)
        if reply.status_code != OK:
            raise UnableToReadReplyError(f"source {register.source}: status {reply.status_code}")
        finding = register.read(reply.json().get("reply"))
    except (httpx.HTTPError, ValueError, AttributeError) as error:
        LOGGER.warning("register silent", extra={"source": question.source, "error": type(error).__name__})
        return _silent(question, asked_ms=_since(started))
    return Answer(question.source, question.subject, finding.result, finding.valid_until, finding.message, _since(started))


def _post(client: "httpx.Client", path: str, document: dict[str, Any], *, patience: float) -> "httpx.Response":
    """
    Ask once, and once more after a moment where the relay refused the connection or said that it cannot: all within one patience (seconds).
    """
    import httpx  # noqa: PLC0415 - loaded by now

    ends = time.monotonic() + patience
    try:
        reply = client.post(path, json=document, timeout=patience)
        if reply.status_code < SERVER_ERROR:
            return reply
    except httpx.TimeoutException:
        raise
    except httpx.TransportError:
        LOGGER.debug("register asked again")
    time.sleep(random.uniform(*RETRY_AFTER_SECONDS))  # noqa: S311 - spreads load, guards nothing
    left = ends - time.monotonic()
    if left <= 0:
        raise httpx.PoolTimeout("no patience left")
    return client.post(path, json=document, timeout=left)


def _envelope(question: Question, document: dict[str, Any]) -> dict[str, Any]:
    """
    Wrap a question: the relay records for which vehicle a register was asked, and about whom (a role, not a name).
    """
    trip = {name: question.keys[name] for name in ("plate", "country", "vin") if name in question.keys}
    return {"source": question.source, "subject": question.subject, "trip": trip, "question": document}


def _settled(future: Future[Answer], question: Question, timeout: float) -> Answer:
    if not future.done():
        return _silent(question, asked_ms=round(timeout * 1000))
    return future.result()


def _silent(question: Question, *, asked_ms: int) -> Answer:
    return Answer(question.source, question.subject, CheckResult.UNAVAILABLE, message=SILENT, asked_ms=asked_ms)


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
