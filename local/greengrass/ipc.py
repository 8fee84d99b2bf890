"""
The nucleus' IPC socket: event-stream RPC over a Unix socket, one session per component, as `awsiot.greengrasscoreipc` speaks it.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

from local.greengrass import framing
from local.greengrass.framing import Flag, Message, MessageType

MODEL: Final = "aws.greengrass#"
LARGEST_BACKLOG_BYTES: Final = 32 * 1024 * 1024
"""A component that reads this slowly is cut off; it connects again."""

FAREWELL_SECONDS: Final = 1.0

Close = Callable[[], Awaitable[None]]

logger = logging.getLogger(__name__)


class RefusedError(Exception):
    """
    An operation ends with an error of the IPC model (`UnauthorizedError`, `ResourceNotFoundError` …), which goes to the component.
    """

    def __init__(self, model: str, message: str, **more: str) -> None:
        super().__init__(message)
        self.model = model
        self.document = {"message": message, **more}


class Stream:
    """
    One operation under way. Subscriptions stay open and carry events until either side ends them.
    """

    def __init__(self, session: "Session", number: int) -> None:
        self._session = session
        self._number = number
        self.close: Close | None = None

    def send(self, model: str, document: Mapping[str, Any], *, last: bool = False, error: bool = False) -> None:
        """
        Send a response, an event or an error of the IPC model.
        """
        headers: dict[str, framing.Header] = {
            ":message-type": int(MessageType.APPLICATION_ERROR if error else MessageType.APPLICATION_MESSAGE),
            ":message-flags": int(Flag.TERMINATE_STREAM if last else Flag.NONE),
            ":stream-id": self._number,
            ":content-type": "application/json",
            "service-model-type": MODEL + model,
        }
        self._session.write(Message(headers, json.dumps(document).encode()))


class Operations:
    """
    What a session asks of the house; `local.greengrass.operations` answers.
    """

    async def answer(self, operation: str, request: Mapping[str, Any], stream: Stream) -> tuple[str, Mapping[str, Any]]:
        """
        Carry out an operation: the response's model and document; `RefusedError` otherwise. Sets `stream.close` for subscriptions.
        """
        raise NotImplementedError


class Session:
    """
    One component's connection.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, admit: Callable[[str], Operations | None]) -> None:
        self._reader = reader
        self._writer = writer
        self._admit = admit
        self._streams: dict[int, Stream] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """
        Serve until the component goes; whatever it subscribed to is closed then.
        """
        try:
            operations = await self._connect()
            while operations is not None:
                self._receive(await framing.read(self._reader), operations)
                await self._writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except framing.UnableToDecodeError as error:
            logger.warning("a component's connection is damaged: %s", error)
        finally:
            await self._end()

    def write(self, message: Message) -> None:
        """
        Queue a message for the component; one that does not read is cut off.
        """
        if self._writer.is_closing():
            return
        self._writer.write(framing.encode(message))
        if self._writer.transport.get_write_buffer_size() > LARGEST_BACKLOG_BYTES:
            logger.warning("a component does not read: its connection is cut")
            self._writer.transport.abort()

    async def _connect(self) -> Operations | None:
        first = await framing.read(self._reader)
        operations = None
        if first.kind == MessageType.CONNECT and first.headers.get(":version") == framing.VERSION:
            document = _object(first.payload)
            operations = self._admit(str(document.get("authToken", "")))
        accepted = Flag.CONNECTION_ACCEPTED if operations is not None else Flag.NONE
        self.write(Message(_headers(MessageType.CONNECT_ACK, accepted)))
        await self._writer.drain()
        if operations is None:
            # Closing at once could overtake the refusal, and the peer would take it for a fault of the line.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._reader.read(), FAREWELL_SECONDS)
        return operations

    def _receive(self, message: Message, operations: Operations) -> None:
        if message.kind == MessageType.PING:
            self.write(Message(_headers(MessageType.PING_RESPONSE, Flag.NONE), message.payload))
        elif message.stream and message.kind == MessageType.APPLICATION_MESSAGE:
            if message.stream not in self._streams and "operation" in message.headers:
                stream = self._streams[message.stream] = Stream(self, message.stream)
                self._begin(self._serve(message, stream, operations))
            if message.flags & Flag.TERMINATE_STREAM:
                self._begin(self._close(message.stream))

    async def _serve(self, message: Message, stream: Stream, operations: Operations) -> None:
        operation = str(message.headers["operation"]).removeprefix(MODEL)
        try:
            model, document = await operations.answer(operation, _object(message.payload), stream)
        except RefusedError as error:
            stream.send(error.model, error.document, last=True, error=True)
        except Exception:
            logger.exception("%s failed", operation)
            stream.send("ServiceError", {"message": "the host failed"}, last=True, error=True)
        else:
            stream.send(model, document, last=stream.close is None)
        if stream.close is None:
            self._streams.pop(message.stream, None)
        elif message.stream not in self._streams:
            await stream.close()  # the component gave up while we were subscribing

    async def _close(self, number: int) -> None:
        stream = self._streams.pop(number, None)
        if stream is not None and stream.close is not None:
            await stream.close()
            self.write(Message({**_headers(MessageType.APPLICATION_MESSAGE, Flag.TERMINATE_STREAM), ":stream-id": number}))

    def _begin(self, work: Any) -> None:
        """
        Run beside the reading loop; tasks start in the order of their messages.
        """
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        for number in list(self._streams):
            await self._close(number)
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


async def serve(path: Path, admit: Callable[[str], Operations | None]) -> asyncio.Server:
    """
    Listen on a Unix socket that only this user may open; `admit` tells whose token it is and what he may ask.
    """

    async def session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await Session(reader, writer, admit).run()

    path.unlink(missing_ok=True)  # noqa: ASYNC240 - once, at the start
    server = await asyncio.start_unix_server(session, path)
    path.chmod(0o600)  # noqa: ASYNC240
    return server


def _headers(kind: MessageType, flags: Flag) -> dict[str, framing.Header]:
    return {":message-type": int(kind), ":message-flags": int(flags), ":stream-id": 0, ":version": framing.VERSION}


def _object(payload: bytes) -> dict[str, Any]:
    try:
        document = json.loads(payload or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
