"""
What is counted of the registers: how often each was asked, what it answered, how long it took, and whether it is left alone. No person, no vehicle.
"""

from collections.abc import Sequence

from chalicelib import observability
from chalicelib.domain.registers import Answer
from chalicelib.gateways.registries.breaker import BreakerState


def tell_answers(answers: Sequence[Answer]) -> None:
    """
    Count each answer by source and result (`passed`, `failed`, `unavailable`), with its milliseconds.
    """
    for answer in answers:
        took = {"RegisterMilliseconds": (float(answer.asked_ms), "Milliseconds")} if answer.asked_ms else {}
        observability.figures({"RegisterAsked": (1.0, "Count"), **took}, source=answer.source, result=answer.result.value)


def tell_breaker(source: str, state: BreakerState) -> None:
    """
    Count that a register's breaker has turned into a state, and say so.
    """
    observability.metric("RegisterBreaker", 1, source=source, state=state.value)
    observability.warn("register breaker", source=source, state=state.value)
