"""
Lists that are short by nature: whole in one page, or in smaller ones for who asks for them.
"""

import re
from collections.abc import Sequence
from typing import Final, TypeVar

from chalicelib.api.schemas.base import WholeQuery
from chalicelib.store.errors import InvalidCursorError

ItemT = TypeVar("ItemT")
CURSOR: Final = re.compile(r"from-(\d{1,4})", re.ASCII)


def page_of(items: Sequence[ItemT], query: WholeQuery) -> tuple[Sequence[ItemT], str | None]:
    """
    Cut the asked page out of a whole list: its items, and the cursor of the next one. Raises `InvalidCursorError`.
    """
    named = CURSOR.fullmatch(query.cursor) if query.cursor is not None else None
    if query.cursor is not None and named is None:
        raise InvalidCursorError
    first = int(named[1]) if named else 0
    last = len(items) if query.limit is None else first + query.limit
    return items[first:last], f"from-{last}" if last < len(items) else None
