"""
What the control port offers: frames and readings for lanes, the network switch, the drain, the host's status.
"""

import json
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any, Final

from chalicelib.contracts.messages import UnableToParseError
from chalicelib.contracts.passages import GateDecision
from local.greengrass.control import Answer, ProblemError
from local.greengrass.drain import Drain, NoReportError
from local.greengrass.lanes import Lanes, NoDecisionError, UnknownLaneError, parse_reading
from local.greengrass.network import Network

STATUS: Final = "/status"


class Routes:
    """
    Finds the answer to a request.
    """

    def __init__(self, *, lanes: Lanes, network: Network, drain: Drain, status: Callable[[], Answer]) -> None:
        self._lanes = lanes
        self._network = network
        self._drain = drain
        self._status = status

    async def respond(self, method: str, path: str, body: bytes) -> Answer:
        """
        Answer a request; every refusal is a `ProblemError`.
        """
        try:
            return await self._find(method, path)(body)
        except UnknownLaneError as error:
            raise ProblemError(HTTPStatus.NOT_FOUND, "UNKNOWN_LANE", f"no lane {error} here") from error
        except UnableToParseError as error:
            raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "INVALID", str(error)) from error
        except NoDecisionError as error:
            raise ProblemError(HTTPStatus.GATEWAY_TIMEOUT, "NO_DECISION", str(error)) from error
        except NoReportError as error:
            raise ProblemError(HTTPStatus.GATEWAY_TIMEOUT, "NO_REPORT", str(error)) from error

    def _find(self, method: str, path: str) -> Callable[[bytes], Coroutine[Any, Any, Answer]]:
        if method == "GET" and path == STATUS:
            return self._answer_status
        match (method, *path.strip("/").split("/")):
            case ("POST", "network"):
                return self._set_network
            case ("POST", "drain"):
                return self._run_drain
            case ("POST", "lanes", lane, "frame"):
                return lambda body: self._show(lane, body)
            case ("POST", "lanes", lane, "reading"):
                return lambda body: self._read(lane, body)
            case _:
                raise ProblemError(HTTPStatus.NOT_FOUND, "NOT_FOUND", f"no {method} {path}")

    async def _answer_status(self, _: bytes) -> Answer:
        return self._status()

    async def _set_network(self, body: bytes) -> Answer:
        connected = _document(body).get("connected")
        if not isinstance(connected, bool):
            raise UnableToParseError("connected: true or false is expected")
        return {"connected": await self._network.set(connected=connected)}

    async def _run_drain(self, _: bytes) -> Answer:
        return {"pending": await self._drain.run()}

    async def _show(self, lane: str, body: bytes) -> Answer:
        return seen(await self._lanes.frame(lane, body))

    async def _read(self, lane: str, body: bytes) -> Answer:
        return seen(await self._lanes.reading(lane, (parse_reading(_document(body)),)))


def seen(word: GateDecision) -> Answer:
    """
    Write a decision as the public contract shows it: readings, and what the gateway did and why.
    """
    decision = {
        "action": word.decision.action.value,
        "reason": word.decision.reason.value,
        "booking_number": word.decision.booking_number,
        "by": word.decision.by,
    }
    return {
        "readings": [{"text": one.text, "country": one.country, "confidence": one.confidence} for one in word.readings],
        "decision": {name: value for name, value in decision.items() if value is not None},
    }


def _document(body: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(body)
    except ValueError as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "MALFORMED", "JSON is expected") from error
    if not isinstance(document, dict):
        raise UnableToParseError("an object is expected")
    return document
