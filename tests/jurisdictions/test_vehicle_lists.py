import json

import pytest

from chalicelib.domain.list_rows import fold
from chalicelib.domain.vehicle_lists import Column, FaultCode, RowFault
from chalicelib.jurisdictions import LANGUAGES, InvalidJurisdictionError, jurisdiction
from chalicelib.jurisdictions.loading import KAZAKHSTAN
from chalicelib.jurisdictions.vehicle_lists import load_list_texts

PATH = KAZAKHSTAN / "vehicle_lists.json"
PARAMETERS = {"last": 9, "most": 10, "first": 7, "list": "lst_1", "list_row": 3}


class TestListTexts:
    @pytest.mark.parametrize("code", list(FaultCode))
    def test_say_every_fault_by_row_column_and_remedy(self, code):
        """
        In every language: the row, the column's name, a sentence without a gap in it.
        """
        for language in LANGUAGES:
            said = jurisdiction().list_fault(RowFault(7, code, Column.PLATE, PARAMETERS), language)
            assert "7" in said
            assert jurisdiction().lists().columns[Column.PLATE][language] in said
            assert "{" not in said
            assert said.endswith(".")

    def test_know_their_own_headings_in_every_language(self):
        """
        A list made from the template of any language is recognized; dates in sentences are written as people do.
        """
        lists = jurisdiction().lists()

        assert all(list(Column) == [lists.aliases[fold(word)] for word in lists.headings(language)] for language in LANGUAGES)
        soon = RowFault(2, FaultCode.DATE_TOO_SOON, Column.DATE, {"first": "2026-12-03"})
        assert "не ранее 03.12.2026" in jurisdiction().list_fault(soon, "ru")

    def test_do_not_load_with_a_fault_unsaid_or_a_heading_that_means_two_columns(self, tmp_path):
        """
        Found at load, not by a clerk.
        """
        document = json.loads(PATH.read_text())
        path = tmp_path / "lists.json"
        for column, change in (("vin", ["плака"]), ("note", ["плака"])):
            document["columns"][column]["aliases"] = change
        path.write_text(json.dumps(document))
        with pytest.raises(InvalidJurisdictionError, match="repeated"):
            load_list_texts(path)
        del document["faults"]["merged"]
        path.write_text(json.dumps(document))
        with pytest.raises(InvalidJurisdictionError, match="domain"):
            load_list_texts(path)
