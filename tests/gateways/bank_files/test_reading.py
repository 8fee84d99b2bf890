"""
Statements in both forms: the same movements, hostile and broken files refused with everything that is wrong with them.
"""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.statements import MOST_ALIKE, MOST_LINES, Direction, FileForm, InvalidStatementError, check_file
from chalicelib.gateways.bank_files.reading import read_statements, tiyn
from tests.fakes.bank import IIK
from tests.fakes.bank_files import DAY, OTHER, Move, camt053, client_bank, more

CAME = Move(9_082_505, "Пополнение, RF03123456789012", number="0047", ref="B-1")
WENT = Move(-43_250, "Комиссия банка", number="8", who="АО «Банк»")
NEXT = date(2026, 12, 1)


def codes(content):
    """
    Name what is wrong with a file, with the row.
    """
    with pytest.raises(InvalidStatementError) as caught:
        read_statements(content)
    return [(fault.code.value, fault.row) for fault in caught.value.faults]


@pytest.mark.rule("23")
class TestEitherForm:
    @pytest.mark.parametrize("codec", ["cp1251", "cp866", "utf-8"])
    def test_of_1c_tells_its_movements(self, codec):
        """
        In Windows' letters, in DOS's and in UTF-8: balances, days, sums in tiyn, who and what for.
        """
        (read,) = read_statements(client_bank(more(CAME, who="ТОО Жол"), WENT, opening=100, codec=codec))

        assert (FileForm.CLIENT_BANK, IIK, DAY, DAY) == (read.form, read.iik, read.first_day, read.last_day)
        assert (100, 100 + CAME.amount + WENT.amount) == (read.opening, read.closing)
        came, went = read.lines
        assert (1, Direction.IN, 9_082_505, DAY, frozenset({"47"})) == (came.row, came.direction, came.amount, came.day, came.marks)
        assert (OTHER, "ТОО Жол", CAME.bin, CAME.purpose) == (came.other_iik, came.payer, came.payer_number, came.purpose)
        assert (2, Direction.OUT, 43_250) == (went.row, went.direction, went.amount)
        assert [] == list(check_file([read], iik=IIK, today=NEXT))

    @pytest.mark.parametrize("version", ["02", "08", "13"])
    def test_of_iso_20022_tells_the_same(self, version):
        """
        Old and new versions of camt.053: the same lines, with the bank's own number besides.
        """
        (told,) = read_statements(camt053(CAME, WENT, opening=-5, version=version))
        (other,) = read_statements(client_bank(CAME, WENT, opening=-5))

        assert frozenset({"47", "B-1"}) == told.lines[0].marks
        assert (FileForm.CAMT053, -5) == (told.form, told.opening)
        unmarked = [
            [(line.row, line.direction, line.amount, line.day, line.other_iik, line.purpose) for line in each.lines]
            for each in (told, other)
        ]
        assert unmarked[0] == unmarked[1]

    def test_takes_the_common_words_of_1c_too(self):
        """
        `Номер`, `ДатаПоступило`, `ПлательщикРасчСчет`, names of sections in capitals, sums with a comma and spaces.
        """
        text = (
            f"1CClientBankExchange\nСЕКЦИЯРАСЧСЧЕТ\nДатаНачала=30.11.2026\nРасчСчет={IIK}\nНачальныйОстаток=0\nКонечныйОстаток=1 234,50\n"
            f"КОНЕЦРАСЧСЧЕТ\nСекцияДокумент=Платежное поручение\nНомер=5\nСумма=1 234,50\nДатаПоступило=30.11.2026\n"
            f"ПлательщикРасчСчет={OTHER}\nПолучательРасчСчет={IIK}\nПлательщик1=Иванов\nНазначениеПлатежа=a=b\nКонецДокумента\n"
        )

        (read,) = read_statements(b"\xef\xbb\xbf" + text.encode())

        assert (123_450, "Иванов", "a=b", DAY) == (read.lines[0].amount, read.lines[0].payer, read.lines[0].purpose, read.last_day)

    def test_of_several_days_or_accounts_is_several_statements(self):
        """
        Two sections of 1C are two statements with their own lines.
        """
        first, second = client_bank(CAME).decode("cp1251"), client_bank(more(CAME, day=NEXT), opening=CAME.amount, first=NEXT, last=NEXT)
        whole = first.replace("КонецФайла\r\n", "") + second.decode("cp1251").partition("СекцияРасчСчет")[2].join(["СекцияРасчСчет", ""])

        read = read_statements(whole.encode("cp1251"))

        assert [(DAY, 1), (NEXT, 1)] == [(each.first_day, len(each.lines)) for each in read]
        assert [] == list(check_file(read, iik=IIK, today=NEXT))

    def test_of_iso_20022_splits_a_batch(self):
        """
        An entry of two transactions is two lines whose sums make it up; one that they do not make up is refused.
        """
        details = "".join(f'<TxDtls><Refs><InstrId>{n}</InstrId></Refs><Amt Ccy="KZT">{n}.00</Amt></TxDtls>' for n in (1, 2))
        entry = camt053(Move(300)).decode()
        whole = entry[: entry.index("<TxDtls>")] + details + entry[entry.index("</TxDtls>") + 9 :]

        (read,) = read_statements(whole.encode())

        assert [(1, 100), (2, 200)] == [(line.row, line.amount) for line in read.lines]
        assert [("bank_batch", 1)] == codes(whole.replace(">2.00<", ">2.01<").encode())

    def test_of_iso_20022_leaves_out_what_is_not_booked(self):
        """
        A pending entry is not money yet.
        """
        pending = camt053(CAME, WENT).decode().replace("<Sts>BOOK</Sts>", "<Sts>PDNG</Sts>", 1)

        (read,) = read_statements(pending.encode())

        assert [43_250] == [line.amount for line in read.lines]


@pytest.mark.rule("23")
class TestWrongFiles:
    @pytest.mark.parametrize(
        "content",
        [b"", b"hello", b"%PDF-1.7", b"<html></html>", camt053().replace(b"camt.053", b"camt.054"), b"<Document/>" + b" camt.053"],
    )
    def test_of_another_form_are_told(self, content):
        """
        What is neither form is said to be neither, or is no XML of this message.
        """
        assert codes(content)[0][0] in {"bank_form", "bank_xml"}

    @pytest.mark.parametrize(
        "content",
        [
            b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa">]><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">&a;</Document>',
            b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>',
            camt053(CAME)[:-30],
            camt053(CAME).replace(b"UTF-8", b"no-such-code"),
            b"<Document camt.053" * 1000,
        ],
    )
    def test_of_hostile_or_broken_xml_are_never_read(self, content):
        """
        Entities, DTDs, cut files, unknown encodings: refused as XML, whatever they hold.
        """
        assert [("bank_xml", None)] == codes(content)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            (("СуммаПриход=90825.05", "СуммаПриход=90825.051"), "bank_amount"),
            (("СуммаПриход=90825.05", "СуммаПриход=-1"), "bank_amount"),
            (("СуммаПриход=90825.05", "СуммаПриход=1e9"), "bank_amount"),
            (("СуммаПриход=90825.05", "Сумма="), "bank_amount"),
            (("ДатаОперации=30.11.2026", "ДатаОперации=31.11.2026"), "bank_day"),
            ((f"ПлательщикИИК={OTHER}", f"ПлательщикИИК={IIK}"), "bank_direction"),
            ((f"ПолучательИИК={IIK}", f"ПолучательИИК={OTHER}"), "bank_direction"),
            (("НазначениеПлатежа", "Валюта=USD\r\nНазначениеПлатежа"), "bank_currency"),
        ],
    )
    def test_of_1c_name_the_row(self, change, code):
        """
        Each wrong row is told, and every one of them.
        """
        text = client_bank(CAME, CAME).decode("cp1251").replace(*change)

        assert {(code, 1), (code, 2)} == set(codes(text.encode("cp1251")))

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            (('Ccy="KZT">90825.05', 'Ccy="USD">90825.05'), ("bank_currency", 2)),
            ((">90825.05<", ">90825.055<"), ("bank_amount", 2)),
            (("<BookgDt><Dt>2026-11-30</Dt></BookgDt><AcctSvcrRef>", "<AcctSvcrRef>"), ("bank_day", 2)),
            (("<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<Sts>"), ("bank_direction", 2)),
            (("<Ccy>KZT</Ccy>", "<Ccy>USD</Ccy>"), ("bank_currency", None)),
            (("OPBD", "ITBD"), ("bank_balance_missing", None)),
        ],
    )
    def test_of_iso_20022_name_the_row(self, change, code):
        """
        A foreign currency, parts of a tiyn, no day, no direction, no opening balance.
        """
        assert code in codes(camt053(WENT, CAME).decode().replace(*change).encode())

    def test_without_balances_are_refused(self):
        """
        1C's form without the account's section is a list of documents, no statement.
        """
        text = client_bank(CAME).decode("cp1251")
        bare = text[: text.index("СекцияРасчСчет")] + text[text.index("СекцияДокумент") :]

        assert [("bank_balance_missing", None)] == codes(bare.encode("cp1251"))
        assert [("bank_balance_missing", None)] == codes(text.replace("НачальныйОстаток", "x").encode("cp1251"))

    def test_in_letters_that_are_not_said_are_refused(self):
        """
        A byte that Windows' table does not have is not guessed at.
        """
        assert [("bank_encoding", None)] == codes(client_bank(more(CAME, purpose="x_x")).replace(b"x_x", b"x\x98x"))

    @pytest.mark.parametrize("write", [client_bank, camt053])
    def test_of_another_account_or_another_sum_are_refused_whole(self, write):
        """
        Not our account; balances that the lines do not explain; lines outside the days: told with the figures.
        """
        foreign = check_file(read_statements(write(CAME)), iik="KZ00", today=NEXT)
        unexplained = check_file(read_statements(write(CAME, opening=1, closing=2)), iik=IIK, today=NEXT)

        assert ["bank_account"] == [fault.code.value for fault in foreign]
        assert [("bank_balance", {"opening": "0.01", "moved": "90825.05", "closing": "0.02"})] == [
            (fault.code.value, dict(fault.parameters)) for fault in unexplained
        ]

    @pytest.mark.parametrize("write", [client_bank, camt053])
    def test_with_lines_of_other_days_are_refused(self, write):
        """
        A line booked outside the statement's days belongs to another statement.
        """
        content = write(more(CAME, day=NEXT), WENT)
        try:
            faults = list(check_file(read_statements(content), iik=IIK, today=NEXT))
        except InvalidStatementError as error:
            faults = error.faults

        assert [("bank_outside", 1)] == [(fault.code.value, fault.row) for fault in faults]


@pytest.mark.rule("23")
class TestLimits:
    def test_refuse_days_to_come(self):
        """
        A statement of tomorrow is none.
        """
        faults = check_file(read_statements(client_bank(more(CAME, day=NEXT), first=NEXT, last=NEXT)), iik=IIK, today=DAY)

        assert [("bank_future", {"day": str(NEXT)})] == [(fault.code.value, dict(fault.parameters)) for fault in faults]

    @pytest.mark.parametrize(("count", "apart", "limit"), [(MOST_LINES + 1, 1, MOST_LINES), (MOST_ALIKE + 1, 0, MOST_ALIKE)])
    def test_refuse_more_lines_than_are_posted_together(self, count, apart, limit):
        """
        A file has so many lines at most, and so many alike.
        """
        (read,) = read_statements(client_bank(CAME))
        many = replace(read, lines=tuple(replace(read.lines[0], row=n, amount=1 + n * apart) for n in range(count)))

        assert [str(limit)] == [fault.parameters["limit"] for fault in check_file([many], iik=IIK, today=NEXT)]


class TestSums:
    @pytest.mark.parametrize(
        ("text", "sum_"),
        [
            ("1", 100),
            ("1.5", 150),
            ("-0,01", -1),
            ("1\u00a0000.00", 100_000),
            ("0.010", 1),
            ("", None),
            ("1.001", None),
            ("NaN", None),
            ("9" * 14, None),
        ],
    )
    def test_are_whole_tiyn_or_none(self, text, sum_):
        """
        Spaces, commas and zeros behind are understood; a part of a tiyn is no sum.
        """
        assert sum_ == tiyn(text)
