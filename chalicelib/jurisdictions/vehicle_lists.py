from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chalicelib.domain.list_rows import fold
from chalicelib.domain.vehicle_lists import Column, FaultCode
from chalicelib.jurisdictions import reading
from chalicelib.jurisdictions.reading import LANGUAGES, InvalidJurisdictionError, Texts

NAMED: Final = ("line", "row_line", "error", "row", "sheet", "guide")


@dataclass(frozen=True, slots=True)
class ListTexts:
    """
    How lists of vehicles are spoken of: columns by all their names, faults by their sentences, and the words of the files handed out.
    """

    columns: Mapping[Column, Texts]
    aliases: Mapping[str, Column]
    faults: Mapping[FaultCode, Texts]
    guidance: Mapping[str, tuple[str, ...]]
    words: Mapping[str, Texts]

    def said(self, *, row: int, column: Column | None, code: FaultCode, language: str, parameters: Mapping[str, str]) -> str:
        """
        Say one fault as a clerk needs it: `строка 7, госномер: …`.
        """
        text = self.faults[code][language].format_map(parameters)
        if column is None:
            return self.words["row_line"][language].format(row=row, text=text)
        return self.words["line"][language].format(row=row, column=self.columns[column][language], text=text)

    def headings(self, language: str) -> Sequence[str]:
        """
        Give the headings of all columns, in their order.
        """
        return [self.columns[column][language] for column in Column]


def load_list_texts(path: Path) -> ListTexts:
    """
    Read the texts of lists: every column and fault there is, in every language, no heading that means two columns.
    """
    document, where = reading.read_json(path), path.name
    columns, faults = reading.field(document, "columns", dict, where), reading.field(document, "faults", dict, where)
    if set(columns) != set(Column) or set(faults) != set(FaultCode):
        raise InvalidJurisdictionError(f"{where}: columns and faults are those of the domain")
    names = {column: reading.texts(columns[column], "names", f"{where}.{column}") for column in Column}
    spelled = [
        (fold(word), column)
        for column in Column
        for word in {*(names[column][language] for language in LANGUAGES), *reading.words(columns[column], "aliases", where), column.value}
    ]
    distinct = dict.fromkeys(spelled)
    return ListTexts(
        columns=names,
        aliases=reading.by_id(list(distinct), where),
        faults={code: reading.texts(faults, code.value, where) for code in FaultCode},
        guidance={language: reading.words(reading.field(document, "guidance", dict, where), language, where) for language in LANGUAGES},
        words={name: reading.texts(document, name, where) for name in NAMED},
    )
