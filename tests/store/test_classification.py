"""
Every attribute of every table has a class, and no room but the people's holds personal data.
"""

from dataclasses import fields, is_dataclass
from typing import get_args, get_type_hints

import pytest

from chalicelib.store.classification import CLASSES, PEOPLE, DataClass
from chalicelib.store.personal_data import PersonLookupRow, PersonRow
from chalicelib.store.tables import LOOKUPS, kinds

KINDS = kinds(lambda _: None)
TABLES = {
    **{kind.table: kind.row for kind in KINDS},
    **{table: row for row, table in LOOKUPS},
    "people": PersonRow,
    "people_lookups": PersonLookupRow,
}
PERSONAL_WORDS = {"name", "names", "first_name", "last_name", "iin", "bin", "phone", "email", "document", "birth_date", "address"}


def words_of(hint):
    """
    Name the fields of a value and of everything inside it.
    """
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        for field in fields(hint):
            yield f"{hint.__name__}.{field.name}"
            yield from words_of(hints[field.name])
    for inner in get_args(hint):
        yield from words_of(inner)


class TestClassification:
    @pytest.mark.parametrize("table", sorted(TABLES))
    def test_classes_every_attribute(self, table):
        """
        A table's attributes are exactly the classified ones: a new one fails here until somebody has thought about it.
        """
        assert {attribute.attr_name for attribute in TABLES[table].get_attributes().values()} == set(CLASSES[table])

    def test_knows_every_table(self):
        """
        There is no table without classes and no class without a table.
        """
        assert set(TABLES) == set(CLASSES)

    def test_keeps_personal_data_in_the_peoples_room(self):
        """
        Only the people's tables have a personal attribute.
        """
        rooms = {table for table, classes in CLASSES.items() if DataClass.PERSONAL in classes.values()}

        assert rooms == {"people"}
        assert rooms <= PEOPLE

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.table)
    def test_keeps_personal_words_out_of_nested_values(self, kind):
        """
        No field inside an attribute is called as personal data are.
        """
        assert not {word for word in words_of(kind.item) if word.partition(".")[2] in PERSONAL_WORDS}
