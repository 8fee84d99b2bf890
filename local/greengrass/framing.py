"""
The event-stream framing of Greengrass IPC: prelude, headers, payload, each covered by a CRC (AWS "event stream encoding").
"""

import asyncio
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Final

Header = bool | int | str | bytes

PRELUDE_BYTES: Final = 12
CRC_BYTES: Final = 4
LARGEST_MESSAGE_BYTES: Final = 16 * 1024 * 1024
"""What AWS allows for a message; a longer one is a broken peer."""

VERSION: Final = "0.1.0"


class UnableToDecodeError(ValueError):
    """
    The bytes are not an event-stream message, or were damaged.
    """


class MessageType(IntEnum):
    """
    The `:message-type` of event-stream RPC.
    """

    APPLICATION_MESSAGE = 0
    APPLICATION_ERROR = 1
    PING = 2
    PING_RESPONSE = 3
    CONNECT = 4
    CONNECT_ACK = 5
    PROTOCOL_ERROR = 6
    INTERNAL_ERROR = 7


class Flag(IntFlag):
    """
    The `:message-flags` of event-stream RPC.
    """

    NONE = 0
    CONNECTION_ACCEPTED = 1
    TERMINATE_STREAM = 2


@dataclass(frozen=True, slots=True)
class Message:
    """
    One message: headers by name, payload as bytes (JSON in Greengrass IPC).
    """

    headers: Mapping[str, Header]
    payload: bytes = b""

    @property
    def kind(self) -> int:
        """
        The `:message-type`, or −1 where a peer left it out.
        """
        return _integer(self.headers.get(":message-type"), -1)

    @property
    def flags(self) -> Flag:
        """
        The `:message-flags`.
        """
        return Flag(_integer(self.headers.get(":message-flags"), 0) & 3)

    @property
    def stream(self) -> int:
        """
        The `:stream-id`; 0 is the connection itself.
        """
        return _integer(self.headers.get(":stream-id"), 0)


def encode(message: Message) -> bytes:
    """
    Write a message as it travels.
    """
    headers = b"".join(_encode_header(name, value) for name, value in message.headers.items())
    prelude = struct.pack(">II", PRELUDE_BYTES + len(headers) + len(message.payload) + CRC_BYTES, len(headers))
    body = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + message.payload
    return body + struct.pack(">I", zlib.crc32(body))


async def read(reader: asyncio.StreamReader) -> Message:
    """
    Read the next message; `UnableToDecodeError` for damage, `asyncio.IncompleteReadError` at the end.
    """
    prelude = await reader.readexactly(PRELUDE_BYTES)
    total, header_bytes, crc = struct.unpack(">III", prelude)
    if zlib.crc32(prelude[:8]) != crc:
        raise UnableToDecodeError("the prelude's CRC is wrong")
    if not PRELUDE_BYTES + header_bytes + CRC_BYTES <= total <= LARGEST_MESSAGE_BYTES:
        raise UnableToDecodeError(f"a message of {total} bytes with {header_bytes} bytes of headers")
    rest = await reader.readexactly(total - PRELUDE_BYTES)
    if zlib.crc32(prelude + rest[:-CRC_BYTES]) != struct.unpack(">I", rest[-CRC_BYTES:])[0]:
        raise UnableToDecodeError("the message's CRC is wrong")
    return Message(headers=_decode_headers(rest[:header_bytes]), payload=rest[header_bytes:-CRC_BYTES])


def _encode_header(name: str, value: Header) -> bytes:
    start = bytes([len(name.encode())]) + name.encode()
    if isinstance(value, bool):
        return start + bytes([0 if value else 1])
    if isinstance(value, int):
        return start + b"\x04" + struct.pack(">i", value)
    code, raw = (b"\x07", value.encode()) if isinstance(value, str) else (b"\x06", value)
    return start + code + struct.pack(">H", len(raw)) + raw


_FIXED: Final = {2: ">b", 3: ">h", 4: ">i", 5: ">q", 8: ">q"}
"""Header types of one number: byte, short, int, long, timestamp."""

_BYTES, _STRING, _UUID = 6, 7, 9


def _decode_headers(raw: bytes) -> dict[str, Header]:
    headers: dict[str, Header] = {}
    at = 0
    try:
        while at < len(raw):
            length = raw[at]
            name = raw[at + 1 : at + 1 + length].decode()
            headers[name], at = _decode_value(raw, raw[at + 1 + length], at + 2 + length)
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise UnableToDecodeError("the headers are cut off") from error
    return headers


def _decode_value(raw: bytes, code: int, at: int) -> tuple[Header, int]:
    if code in (0, 1):
        return code == 0, at
    if code in _FIXED:
        return struct.unpack_from(_FIXED[code], raw, at)[0], at + struct.calcsize(_FIXED[code])
    if code == _UUID:
        return raw[at : at + 16], at + 16
    if code not in (_BYTES, _STRING):
        raise UnableToDecodeError(f"header type {code} is unknown")
    (length,) = struct.unpack_from(">H", raw, at)
    value = raw[at + 2 : at + 2 + length]
    return (value.decode() if code == _STRING else value), at + 2 + length


def _integer(value: Header | None, absent: int) -> int:
    return value if isinstance(value, int) else absent
