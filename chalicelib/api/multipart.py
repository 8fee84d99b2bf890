"""
Forms with files (RFC 7578): small ones, whole in memory, every part under one name.
"""

from collections.abc import Mapping
from email.message import Message
from typing import Final

from chalicelib.api.field_errors import invalid_field
from chalicelib.api.languages import Language

MULTIPART: Final = "multipart/form-data"
MOST_PARTS: Final = 20
LONGEST_BOUNDARY: Final = 70
END: Final = b"--"


def parts_of(raw: bytes, *, content_type: str, language: Language) -> Mapping[str, bytes]:
    """
    Read a form's parts by name. Raises the 422 problem for what is no form, or names a part twice.
    """
    boundary = _parameter(content_type, "content-type", "boundary")
    if not boundary or len(boundary) > LONGEST_BOUNDARY or not boundary.isascii():
        raise invalid_field("body", "multipart", language=language)
    pieces = (b"\r\n" + raw).split(b"\r\n--" + boundary.encode())
    if not pieces[-1].startswith(END) or len(pieces) > MOST_PARTS + 2:
        raise invalid_field("body", "multipart", language=language)
    found: dict[str, bytes] = {}
    for piece in pieces[1:-1]:
        head, blank, content = piece.partition(b"\r\n\r\n")
        name = _name(head)
        if not blank or not name:
            raise invalid_field("body", "multipart", language=language)
        if name in found:
            raise invalid_field(name, "repeated", language=language)
        found[name] = content
    return found


def _name(head: bytes) -> str | None:
    for line in head.decode("utf-8", "replace").split("\r\n"):
        field, _, value = line.partition(":")
        if field.strip().lower() == "content-disposition":
            return _parameter(value.strip(), "content-disposition", "name")
    return None


def _parameter(value: str, header: str, name: str) -> str | None:
    message = Message()
    message[header] = value.replace("\r", " ").replace("\n", " ")
    found = message.get_param(name, header=header)
    return found if isinstance(found, str) else None
