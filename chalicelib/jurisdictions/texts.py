import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any, Final

from chalicelib.domain.decisions import Code
from chalicelib.jurisdictions import reading
from chalicelib.jurisdictions.reading import LANGUAGES, InvalidJurisdictionError, Texts

FALLBACK_FIELD_MESSAGE: Final = "invalid"


@dataclass(frozen=True, slots=True)
class ProblemText:
    """
    What an official would say about a code: HTTP status, a title, sentences with `{parameters}`, and what to do next, in each language.
    """

    status: int
    title: Texts
    sentences: Mapping[str, tuple[str, ...]]
    next: Texts

    def detail(self, language: str, parameters: Mapping[str, str]) -> str:
        """
        Join the sentences that can be filled, one whose parameter is unknown is left out; what to do next is always said, last.
        """
        filled = (text.format_map(parameters) for text in self.sentences[language] if placeholders(text) <= parameters.keys())
        return " ".join((*filled, self.next[language]))


@dataclass(frozen=True, slots=True)
class Problem:
    """
    A problem as told to a person in one language.
    """

    code: Code
    status: int
    title: str
    detail: str
    next: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """
    The user agreement (§3, §15, §16). `sha256` (hex) is over the UTF-8 compact JSON object {en, kk, ru, version}, keys sorted.
    """

    version: str
    published_on: date
    texts: Texts

    @property
    def sha256(self) -> str:
        """
        The fingerprint of what is signed.
        """
        content = {"version": self.version, **{language: self.texts[language] for language in LANGUAGES}}
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def placeholders(text: str) -> frozenset[str]:
    """
    Name the parameters a text asks for.
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def load_problems(path: Path) -> Mapping[Code, ProblemText]:
    """
    Read a text for every code there is; a missing or a superfluous one is an error.
    """
    document = reading.read_json(path)
    if set(document) != {code.value for code in Code}:
        raise InvalidJurisdictionError(f"{path.name}: codes differ: {sorted(set(document) ^ {code.value for code in Code})}")
    return {code: _problem(document[code.value], f"{path.name}.{code.value}") for code in Code}


def _problem(row: dict[str, Any], where: str) -> ProblemText:
    detail = reading.field(row, "detail", dict, where)
    sentences = {language: reading.words(detail, language, where) for language in LANGUAGES}
    _same_placeholders([[placeholders(text) for text in sentences[language]] for language in LANGUAGES], where)
    following = reading.texts(row, "next", where)
    if any(placeholders(following[language]) for language in LANGUAGES):
        raise InvalidJurisdictionError(f"{where}.next: what to do is said without figures")
    return ProblemText(reading.field(row, "status", int, where), reading.texts(row, "title", where), sentences, following)


def load_texts(path: Path) -> Mapping[str, Texts]:
    """
    Read a file of named texts, the same parameters in each language.
    """
    document = reading.read_json(path)
    found = {name: reading.texts(document, name, path.name) for name in document}
    for name, text in found.items():
        _same_placeholders([placeholders(text[language]) for language in LANGUAGES], f"{path.name}.{name}")
    return reading.by_id(found, path.name)


def load_agreement(directory: Path) -> Agreement:
    """
    Read the agreement: its version and one text file per language.
    """
    document = reading.read_json(directory / "agreement.json")
    texts = {language: (directory / f"agreement.{language}.md").read_text(encoding="utf-8") for language in LANGUAGES}
    return Agreement(
        version=reading.field(document, "version", str, "agreement.json"),
        published_on=reading.day(document, "published_on", "agreement.json"),
        texts=Texts(**texts),
    )


def fill(text: str, context: Mapping[str, Any]) -> str:
    """
    Fill a text; a parameter that is not given reads as an ellipsis rather than failing the sentence.
    """
    known = {name: context.get(name, "…") for name in placeholders(text)}
    return text.format_map(known)


def _same_placeholders(found: Sequence[Any], where: str) -> None:
    if any(one != found[0] for one in found):
        raise InvalidJurisdictionError(f"{where}: parameters differ between languages")
