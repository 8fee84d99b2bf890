"""
What the bank reads: valid by the official schema, to be read by others, the same bytes every time.
"""

import hashlib
import io
import json
import time
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import sepaxml
import xmlschema

from chalicelib.domain.remittance import FileKind, InvalidRequisitesError, payment_orders, regions_without
from chalicelib.gateways.remittance.client_bank import write_client_bank
from chalicelib.gateways.remittance.files import RemittanceFiles
from chalicelib.gateways.remittance.pain001 import write_pain001
from chalicelib.gateways.remittance.requisites import read_requisites
from local.supervisor.requisites import sample_requisites
from tests.fakes.rules import RULES
from tests.fakes.settlements import requisites, row, settlement
from tests.gateways.remittance.test_tables import NASTY, RISKS, TURNED, with_names

OFFICIAL = Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd"
"""ISO 20022's own schema, as the package carries it."""


@pytest.fixture(scope="module")
def schema():
    """
    The official schema.
    """
    return xmlschema.XMLSchema(str(OFFICIAL))


def message(settled, known):
    """
    The payment message of a settlement.
    """
    return write_pain001(settled, payment_orders(settled, known))


@pytest.mark.rule("24", "D27", "D29")
class TestPain001:
    def test_is_valid_and_pays_each_region_what_is_due(self, schema):
        """
        The official schema takes it; head, batch and transfers carry the same sums; codes, accounts and day are the settings'.
        """
        settled = settlement(row(), row(checkpoint="kolzhat", region="05", forfeits=7), row(checkpoint="x", region="04", fees=-1))

        told = schema.decode(io.BytesIO(message(settled, requisites("19", "05"))))["CstmrCdtTrfInitn"]

        (info,) = told["PmtInf"]
        transfers = info["CdtTrfTxInf"]
        amounts = {each["PmtId"]["EndToEndId"]: Decimal(str(each["Amt"]["InstdAmt"]["$"])) for each in transfers}
        assert {"20261203-05": Decimal("4325.07"), "20261203-19": Decimal("4325.00")} == amounts
        assert (
            settled.due
            == 100 * Decimal(str(told["GrpHdr"]["CtrlSum"]))
            == 100 * Decimal(str(info["CtrlSum"]))
            == 100 * sum(amounts.values())
        )
        assert "2026-12-04" == info["ReqdExctnDt"]["Dt"]
        to = requisites("19", "05").regions["05"]
        assert (to.party.iik, to.party.bic) == (transfers[0]["CdtrAcct"]["Id"]["IBAN"], transfers[0]["CdtrAgt"]["FinInstnId"]["BICFI"])
        assert {"KNP": to.knp, "KBK": to.budget_code, "KOD": "16", "KBE": "11"} == {
            each["Tp"]: each["Cd"] for each in transfers[0]["RgltryRptg"][0]["Dtls"]
        }

    @pytest.mark.parametrize("text", [*RISKS, *(each for each in NASTY if len(each) < 140), TURNED, "ж" * 140, "a\x08b", "]]>&<"])
    def test_stays_valid_whatever_names_hold(self, schema, text):
        """
        Signs that XML cannot hold are left out, and no name becomes markup.
        """
        assert schema.is_valid(io.BytesIO(message(settlement(), with_names(f"x{text}"[:140]))))

    def test_is_not_made_where_nothing_is_due(self):
        """
        A day without revenue has every file but the payment message.
        """
        made = RemittanceFiles(zone=RULES.zone).make(settlement(row(fees=0, fee_count=0)), requisites())

        assert set(FileKind) - {FileKind.PAIN001} == set(made)


@pytest.mark.rule("24", "D27")
class TestClientBank:
    def test_is_read_as_one_section_an_order(self):
        """
        Windows-1251, lines ended as there; every order has its sum, accounts, codes and purpose once.
        """
        settled = settlement(row(), row(checkpoint="kolzhat", region="05", fees=7))
        text = write_client_bank(settled, payment_orders(settled, requisites("19", "05")), zone=RULES.zone).decode("cp1251")
        lines = text.split("\r\n")

        assert ("1CClientBankExchange", "КонецФайла", "") == (lines[0], lines[-2], lines[-1])
        assert ["Сумма=0.07", "Сумма=4325.00"] == [line for line in lines if line.startswith("Сумма=")]
        assert 2 == lines.count("КонецДокумента") == lines.count("КодБК=000000") == lines.count("ПолучательКБЕ=11")
        assert "ДатаСоздания=04.12.2026" in lines
        assert next(line for line in lines if line.startswith("НазначениеПлатежа=")).isprintable()

    @pytest.mark.parametrize(
        "text", [*NASTY, TURNED, "ҮЛГІ әғқңөұһ", "x\r\nКонецДокумента\r\nСекцияДокумент=ПлатежноеПоручение\r\nСумма=1"]
    )
    def test_has_no_text_that_begins_another_line(self, text):
        """
        A name cannot end its document or write a field; what Windows-1251 lacks is spelled with what it has.
        """
        settled = settlement()
        lines = write_client_bank(settled, payment_orders(settled, with_names(text)), zone=RULES.zone).decode("cp1251").split("\r\n")

        plain = write_client_bank(settled, payment_orders(settled, requisites()), zone=RULES.zone).decode("cp1251").split("\r\n")
        assert [line.partition("=")[0] for line in plain] == [line.partition("=")[0] for line in lines]
        if "Қ" in text or "ә" in text:
            assert not any("?" in line for line in lines)


@pytest.mark.rule("24", "D29")
class TestFiles:
    def test_are_the_same_bytes_when_made_again(self, monkeypatch):
        """
        Another day, another zone of the closing instant: the same rows and details give the same files to the byte.
        """
        settled, files = settlement(), RemittanceFiles(zone=RULES.zone)
        first = files.make(settled, requisites())
        later = time.time() + 90_000
        monkeypatch.setattr(time, "time", lambda: later)
        monkeypatch.setattr(time, "localtime", lambda _=None: time.gmtime(later))

        again = files.make(replace(settled, closed_at=settled.closed_at.astimezone(RULES.zone)), requisites())

        assert first == again
        with zipfile.ZipFile(io.BytesIO(first[FileKind.XLSX])) as book:
            assert b"2026-12-03T00:00:00Z" in book.read("docProps/core.xml")

    def test_are_named_in_the_manifest_with_their_digests(self):
        """
        Size and SHA-256 of every file but itself; a sample says that it is one.
        """
        made = RemittanceFiles(zone=RULES.zone).make(settlement(), requisites())

        manifest = json.loads(made[FileKind.MANIFEST])

        wanted = {kind: (len(made[kind]), hashlib.sha256(made[kind]).hexdigest()) for kind in FileKind if kind is not FileKind.MANIFEST}
        assert wanted == {FileKind(each["kind"]): (each["size"], each["sha256"]) for each in manifest["files"]}
        assert (True, 432_500) == (manifest["sample"], manifest["due"]["amount"])
        for kind in (FileKind.PAIN001, FileKind.XLSX):
            assert made[kind] != RemittanceFiles(zone=RULES.zone).make(settlement(), replace(requisites(), sample=False))[kind]


@pytest.mark.rule("D27")
class TestRequisites:
    def test_have_no_default(self):
        """
        Nothing set is none; a region without details is named.
        """
        settled = settlement(row(), row(region="05"), row(region="04", fees=0))

        assert read_requisites(None) is None
        assert ("05", "19") == regions_without(settled, None)
        assert ("05",) == regions_without(settled, requisites("19"))
        assert () == regions_without(settled, requisites("19", "05"))

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *(("iik", value) for value in ("", "KZ000000000000000002", "DE89370400440532013000", "kz")),
            *(("bin", value) for value in ("", "000140000021", "12345678901", "00014000002x")),
            *(("bic", value) for value in ("", "SMPLRU00", "smplkz00", "SMPLKZ0")),
            *(("kbe", value) for value in ("", "1", "111")),
            *(("budget_code", value) for value in ("", "12345")),
            *(("knp", value) for value in ("", "12", "12a")),
            *(("name", value) for value in ({}, {"kk": "x"}, {"kk": " ", "ru": "x"}, {"kk": "x" * 141, "ru": "x"}, "x")),
            *(("purpose", value) for value in ({}, {"kk": "", "ru": "x"}, None)),
        ],
    )
    def test_that_cannot_be_right_are_refused(self, field, value):
        """
        A digit wrong in an account or a BIN, a bank elsewhere, a text missing in one language.
        """
        document = sample_requisites(["19"])
        document["regions"]["19"][field] = value

        with pytest.raises(InvalidRequisitesError):
            read_requisites(document)

    def test_that_lack_a_field_are_refused(self):
        """
        Every field is needed, of payer and beneficiary alike.
        """
        for part in ("payer", "regions"):
            whole = sample_requisites(["19"])
            for name in dict(whole["payer"] if part == "payer" else whole["regions"]["19"]):
                document = sample_requisites(["19"])
                (document["payer"] if part == "payer" else document["regions"]["19"]).pop(name)
                with pytest.raises(InvalidRequisitesError):
                    read_requisites(document)
