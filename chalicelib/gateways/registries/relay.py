import logging
import ssl
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.registers import Answer, CheckResult, Question
from chalicelib.gateways.registries import debts, drivers, haulage, persons, vehicles
from chalicelib.gateways.registries.register import DATA_MISSING, Register, UnableToReadReplyError

if TYPE_CHECKING:
    import httpx

LOGGER = logging.getLogger(__name__)

REGISTERS: Final[Mapping[str, Register]] = {
    register.source: register
    for group in (persons.REGISTERS, drivers.REGISTERS, vehicles.REGISTERS, haulage.REGISTERS, debts.REGISTERS)
    for register in group
}
"""Every register of §18; 17-1 is our own ledger (D11) and has none."""

SILENT: Final = "REGISTER_SILENT"
MOST_AT_ONCE: Final = 48
GRACE_SECONDS: Final = 0.25  # a thread may need a moment beyond its timeout to say so
KEEPALIVE_SECONDS: Final = 3.0  # below the relay's own, so that a connection is never used while being closed
OK: Final = 200


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
    """

    def __init__(self, *, base_url: str, certificates: RelayCertificates, timeouts: Mapping[str, float] | None = None) -> None:
        self._base_url = base_url.rstrip("/")
        self._certificates = certificates
        self._timeouts = timeouts or {}

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
        try:
            client = self._client
        except OSError as error:  # certificates not (yet) there: nobody can be asked, which is no answer at all
            LOGGER.error("relay unreachable", extra={"error": type(error).__name__})  # noqa: TRY400 - the trace would tell no more
            return [_silent(question, asked_ms=0) for question in questions]
        pool = ThreadPoolExecutor(max_workers=min(len(questions), MOST_AT_ONCE), thread_name_prefix="register")
        try:
            asked = [
                pool.submit(_ask, client, self._timeout(one), one, question) for one, question in zip(registers, questions, strict=True)
            ]
            wait(asked, timeout=max(self._timeout(register) for register in registers) + GRACE_SECONDS)
            return [
                _settled(future, question, self._timeout(register))
                for future, question, register in zip(asked, questions, registers, strict=True)
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
        reply = client.post(f"/registers/{register.path}", json=_envelope(question, document), timeout=timeout)
        if reply.status_code != OK:
            raise UnableToReadReplyError(f"source {register.source}: status {reply.status_code}")
        finding = register.read(reply.json().get("reply"))
    except (httpx.HTTPError, ValueError, AttributeError) as error:
        LOGGER.warning("register silent", extra={"source": question.source, "error": type(error).__name__})
        return _silent(question, asked_ms=_since(started))
    return Answer(question.source, question.subject, finding.result, finding.valid_until, finding.message, _since(started))


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
