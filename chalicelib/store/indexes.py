"""
Global secondary indexes, declared where their row is. No decision rests on one: it may be a moment behind.
"""

from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection


def index(name: str, attributes: Mapping[str, Attribute[Any]], *, keys_only: bool) -> GlobalSecondaryIndex[Any]:
    """
    Make an index over attributes of a row, its hash key and range key marked. One of keys only leads to rows that are then read by key.
    """
    meta = type("Meta", (), {"index_name": name, "projection": KeysOnlyProjection() if keys_only else AllProjection()})
    made: GlobalSecondaryIndex[Any] = type(name, (GlobalSecondaryIndex,), {"Meta": meta, **attributes})()
    return made
