"""
The halves of every write's condition, each by its name.
"""

from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.store.attributes import InstantAttribute
from chalicelib.store.errors import UnknownKindError
from chalicelib.store.rows import Kind, Row


def words(condition: Condition) -> dict[str, Any]:
    """
    Say a condition as a write's request does.
    """
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    said: dict[str, Any] = {"ConditionExpression": condition.serialize(names, values)}
    said["ExpressionAttributeNames"] = {placeholder: name for name, placeholder in names.items()}
    return {**said, "ExpressionAttributeValues": values} if values else said


def absent(row: type[Row]) -> Condition:
    """
    The row does not exist.
    """
    key: Any = row.get_attributes()[str(row._hash_keyname)]  # noqa: SLF001  PynamoDB has no public word for it
    condition: Condition = key.does_not_exist()
    return condition


def as_seen(row: type[Row], version: int) -> Condition:
    """
    The row has the version that was read.
    """
    condition: Condition = row.version == version
    return condition


def forgotten(kind: Kind[Any], row: type[Row], item: Any) -> Condition:
    """
    The row is so old that it counts as absent.
    """
    if kind.renewable_after is None:
        raise UnknownKindError(f"{kind.table} keeps its rows")
    at: InstantAttribute = row.get_attributes()["at"]  # type: ignore[assignment]
    condition: Condition = at <= item.at - kind.renewable_after
    return condition
