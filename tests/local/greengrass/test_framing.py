import asyncio
import struct
import zlib

import pytest

from local.greengrass import framing
from local.greengrass.framing import Flag, Message, MessageType


def read(raw):
    async def feed():
        reader = asyncio.StreamReader()
        reader.feed_data(raw)
        reader.feed_eof()
        return await framing.read(reader)

    return asyncio.run(feed())


MESSAGE = Message(
    {
        ":message-type": int(MessageType.CONNECT),
        ":message-flags": 2,
        ":stream-id": 7,
        "text": "жол",
        "yes": True,
        "no": False,
        "raw": b"\x00\x01",
    },
    b'{"a":1}',
)


class TestMessage:
    def test_comes_back_as_it_was_written(self):
        """
        Headers of every kind we write and the payload survive the way.
        """
        copy = read(framing.encode(MESSAGE))

        assert MESSAGE == copy
        assert (MessageType.CONNECT, Flag.TERMINATE_STREAM, 7) == (copy.kind, copy.flags, copy.stream)

    @pytest.mark.parametrize("at", [1, 9, 30, -1])
    def test_is_refused_when_a_byte_is_damaged(self, at):
        """
        Prelude, headers, payload and checksum itself are all under a CRC.
        """
        raw = bytearray(framing.encode(MESSAGE))
        raw[at] ^= 1

        with pytest.raises(framing.UnableToDecodeError):
            read(bytes(raw))

    def test_is_refused_when_it_claims_to_be_enormous(self):
        """
        A peer cannot make the host wait for gigabytes.
        """
        prelude = struct.pack(">II", 1 << 31, 0)

        with pytest.raises(framing.UnableToDecodeError):
            read(prelude + struct.pack(">I", zlib.crc32(prelude)))
