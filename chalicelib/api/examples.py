"""
An example of any schema of the document, from the examples of its fields.
"""

from collections.abc import Mapping
from typing import Any, Final

Json = Mapping[str, Any]
DEEPEST: Final = 8
PLAIN: Final = {"string": "text", "integer": 1, "number": 1.0, "boolean": True, "null": None}


def example_of(schema: Json, components: Json, *, depth: int = 0) -> Any:
    """
    Make one value that the schema accepts; `components` are the document's schemas by name.
    """
    if "examples" in schema:
        return schema["examples"][0]
    for key in ("const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rpartition("/")[2]], components, depth=depth + 1)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return example_of(schema[key][0], components, depth=depth)
    return _composed(schema, components, depth=depth)


def _composed(schema: Json, components: Json, *, depth: int) -> Any:
    if schema.get("type") == "array":
        items = schema.get("items", {})
        return [example_of(items, components, depth=depth + 1)] if items and depth < DEEPEST else []
    if schema.get("type") == "object":
        properties = schema.get("properties", {}) if depth < DEEPEST else {}
        return {name: example_of(item, components, depth=depth + 1) for name, item in properties.items()}
    return PLAIN.get(schema.get("type", "null"))
