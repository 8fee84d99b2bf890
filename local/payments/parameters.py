"""
The parameters of one call, read strictly: what is not known or not of its type is refused by name.
"""

from collections.abc import Collection, Mapping
from typing import Any

from local.payments.problems import invalid

TEXT_MAX = 5000
METADATA_KEYS_MAX = 50
METADATA_NAME_MAX = 40
METADATA_VALUE_MAX = 500
BOUNDS = ("gt", "gte", "lt", "lte")


class Parameters:
    """
    A form as parameters. Reading a field of the wrong shape raises StripeError naming it; an empty field is an absent one.
    """

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = dict(fields)

    def only(self, *names: str) -> None:
        """
        Refuse every parameter that is not among the names.
        """
        for name in self._fields:
            if name not in names and name != "expand":
                raise invalid(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)

    def text(self, name: str, *, choices: Collection[str] = ()) -> str | None:
        """
        A string, one of `choices` where they are given.
        """
        value = self._fields.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str) or len(value) > TEXT_MAX:
            raise invalid("Invalid string", param=name)
        if choices and value not in choices:
            raise invalid(f"Invalid {name}: must be one of {', '.join(choices)}", param=name)
        return value

    def needed(self, name: str) -> str:
        """
        A string that must be there.
        """
        value = self.text(name)
        if value is None:
            raise invalid(f"Missing required param: {name}.", code="parameter_missing", param=name)
        return value

    def positive(self, name: str) -> int | None:
        """
        An integer of at least 1, in minor units where it is money.
        """
        value = self.text(name)
        if value is None:
            return None
        if not (value.isascii() and value.isdecimal() and len(value) <= 18):  # noqa: PLR2004 - fits 64 bits
            raise invalid(f"Invalid integer: {value[:40]}", code="parameter_invalid_integer", param=name)
        if int(value) < 1:
            message = "This value must be greater than or equal to 1."
            raise invalid(message, code="parameter_invalid_integer", param=name)
        return int(value)

    def flag(self, name: str) -> bool:
        """
        A boolean, false when absent.
        """
        return self.text(name, choices=("true", "false")) == "true"

    def span(self, name: str) -> dict[str, int]:
        """
        A moment, or bounds of a span of moments (`gt`, `gte`, `lt`, `lte`), in seconds since 1970; empty when absent.
        """
        if isinstance(self._fields.get(name), str):
            second = self.positive(name)
            return {} if second is None else {"gte": second, "lte": second}
        bounds = Parameters(self.mapping(name))
        bounds.only(*BOUNDS)
        return {bound: second for bound in BOUNDS if (second := bounds.positive(bound)) is not None}

    def mapping(self, name: str) -> dict[str, Any]:
        """
        A nested object, empty when absent.
        """
        value = self._fields.get(name) or {}
        if not isinstance(value, dict):
            raise invalid("Invalid object", param=name)
        return value

    def names(self, name: str) -> list[str]:
        """
        A list of strings, empty when absent.
        """
        value = self._fields.get(name) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise invalid("Invalid array", param=name)
        return value

    def metadata(self) -> dict[str, str]:
        """
        At most 50 pairs of strings (names ≤ 40, values ≤ 500 characters).
        """
        pairs = self.mapping("metadata")
        if len(pairs) > METADATA_KEYS_MAX:
            raise invalid("Metadata can have up to 50 keys.", param="metadata")
        for name, value in pairs.items():
            if not isinstance(value, str) or len(name) > METADATA_NAME_MAX or len(value) > METADATA_VALUE_MAX:
                raise invalid("Metadata values must be strings of at most 500 characters.", param=f"metadata[{name[:40]}]")
        return {name: value for name, value in pairs.items() if value}
