import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from chalicelib.contracts import messages
from chalicelib.domain.registers import CheckResult

DATA_MISSING: Final = "DATA_MISSING"
"""The application lacks what this register needs to know: it cannot confirm anything (§20)."""


class UnableToReadReplyError(ValueError):
    """
    A register's reply is not what its contract says.
    """


@dataclass(frozen=True, slots=True)
class Finding:
    """
    What a reply comes to: a failed one names its message code, a passed one may name the day on which it ends.
    """

    result: CheckResult
    message: str | None = None
    valid_until: date | None = None


class Reply(Protocol):
    """
    A register's typed reply.
    """

    def finding(self) -> Finding:
        """
        Weigh the reply.
        """
        ...


@dataclass(frozen=True, slots=True)
class Register:
    """
    One register: `question` and `reply` are dataclasses, `path` is its service at the relay, `timeout_seconds` its patience.
    """

    source: str
    path: str
    question: type[Any]
    reply: type[Reply]
    timeout_seconds: float = 2.0

    def ask(self, keys: Mapping[str, str]) -> dict[str, Any] | None:
        """
        Write the question with just the keys this register needs; none where a required one is missing.
        """
        fields = dataclasses.fields(self.question)
        given = {field.name: keys[field.name] for field in fields if keys.get(field.name)}
        required = {field.name for field in fields if field.default is dataclasses.MISSING}
        if not required <= given.keys() or not given:
            return None
        document: dict[str, Any] = messages.to_document(self.question(**given))
        return document

    def read(self, document: Any) -> Finding:
        """
        Read and weigh a reply; another shape raises `UnableToReadReplyError`: a pass is never invented (D11).
        """
        try:
            return messages.from_document(self.reply, document).finding()
        except ValueError as error:
            raise UnableToReadReplyError(f"source {self.source}: {error}") from error


def passed(*, valid_until: str | None = None) -> Finding:
    """
    Pass, until the day's end of an ISO date where the register knows one.
    """
    return Finding(CheckResult.PASSED, valid_until=date.fromisoformat(valid_until) if valid_until else None)


def failed(message: str) -> Finding:
    """
    Fail with a message code of the jurisdiction's `findings.json`.
    """
    return Finding(CheckResult.FAILED, message)


def weigh(*, holds: bool, otherwise: str, valid_until: str | None = None) -> Finding:
    """
    Pass where the fact holds, fail with a message code otherwise.
    """
    return passed(valid_until=valid_until) if holds else failed(otherwise)
