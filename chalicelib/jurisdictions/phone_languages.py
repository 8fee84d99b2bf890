from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chalicelib.jurisdictions import reading
from chalicelib.jurisdictions.reading import LANGUAGES, InvalidJurisdictionError


@dataclass(frozen=True, slots=True)
class PhoneLanguages:
    """
    In which language a stranger's phone is written to: by the longest prefix of its number in E.164, else `otherwise`.

    None stands for our own numbers, whose holders read the language that the booking was made in as well as any.
    """

    by_prefix: Mapping[str, str | None]
    otherwise: str

    def of(self, phone: str) -> str | None:
        """
        Give the language of a number (`+7701…`), or none for our own.
        """
        fitting = [prefix for prefix in self.by_prefix if phone.startswith(prefix)]
        return self.by_prefix[max(fitting, key=len)] if fitting else self.otherwise


def load_phone_languages(path: Path) -> PhoneLanguages:
    """
    Read the table; a language that no text comes in is an error.
    """
    document = reading.read_json(path)
    prefixes = reading.field(document, "by_prefix", dict, path.name)
    otherwise = reading.field(document, "otherwise", str, path.name)
    if not {*prefixes.values(), otherwise} <= {*LANGUAGES, None}:
        raise InvalidJurisdictionError(f"{path.name}: a language is none of {', '.join(LANGUAGES)}")
    return PhoneLanguages(prefixes, otherwise)
