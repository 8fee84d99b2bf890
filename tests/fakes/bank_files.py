"""
Statements as banks write them: the same movements in either form.
"""

from dataclasses import dataclass, replace
from datetime import date
from xml.sax.saxutils import escape

from tests.fakes.bank import IIK

DAY = date(2026, 11, 30)
OTHER = "KZ66722C000022014099"


@dataclass(frozen=True)
class Move:
    """
    One movement: `amount` in tiyn, below zero when it goes; `ref` is the bank's own number, which 1C's form does not have.
    """

    amount: int
    purpose: str = ""
    number: str = "17"
    other: str = OTHER
    who: str = "ТОО «Жол-Транс»"
    bin: str = "150340012340"
    day: date = DAY
    ref: str = ""


def more(move, **changes):
    """
    The like of a movement.
    """
    return replace(move, **changes)


def tenge(tiyn):
    """
    Write a sum as banks do.
    """
    return f"{tiyn // 100}.{tiyn % 100:02d}"


def client_bank(*moves, opening=0, first=DAY, last=DAY, iik=IIK, codec="cp1251", closing=None):
    """
    Write 1C's form as banks of Kazakhstan do.
    """
    said = {"cp1251": "Windows", "cp866": "DOS", "utf-8": "UTF-8"}[codec]
    closing = opening + sum(move.amount for move in moves) if closing is None else closing
    period = [f"ДатаНачала={first:%d.%m.%Y}", f"ДатаКонца={last:%d.%m.%Y}", f"РасчСчет={iik}"]
    lines = ["1CClientBankExchange", "ВерсияФормата=2.00", f"Кодировка={said}", *period, "СекцияРасчСчет", *period]
    lines += [f"НачальныйОстаток={tenge(opening)}", f"КонечныйОстаток={tenge(closing)}", "КонецРасчСчет"]
    for move in moves:
        lines += _document(move, iik)
    return "\r\n".join([*lines, "КонецФайла", ""]).encode(codec, "replace")


def _document(move, iik):
    came = move.amount > 0
    payer, payee = (move.other, iik) if came else (iik, move.other)
    other = "Плательщик" if came else "Получатель"
    return [
        "СекцияДокумент=Выписка",
        f"НомерДокумента={move.number}",
        f"ДатаДокумента={move.day:%d.%m.%Y}",
        f"{'СуммаПриход' if came else 'СуммаРасход'}={tenge(abs(move.amount))}",
        f"ДатаОперации={move.day:%d.%m.%Y}",
        f"ПлательщикИИК={payer}",
        f"ПолучательИИК={payee}",
        f"{other}Наименование={move.who}",
        f"{other}БИН_ИИН={move.bin}",
        f"НазначениеПлатежа={move.purpose}",
        "КонецДокумента",
    ]


def camt053(*moves, opening=0, first=DAY, last=DAY, iik=IIK, version="02", closing=None):
    """
    Write ISO 20022's form.
    """
    closing = opening + sum(move.amount for move in moves) if closing is None else closing
    head = f"<FrToDt><FrDtTm>{first}T00:00:00</FrDtTm><ToDtTm>{last}T23:59:59</ToDtTm></FrToDt>"
    account = f"<Acct><Id><IBAN>{iik}</IBAN></Id><Ccy>KZT</Ccy></Acct>"
    balances = _balance("OPBD", opening, first) + _balance("CLBD", closing, last)
    entries = "".join(_entry(move, version) for move in moves)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">'
        f"<BkToCstmrStmt><GrpHdr/><Stmt><Id>1</Id>{head}{account}{balances}{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _balance(code, sum_, day):
    side = "DBIT" if sum_ < 0 else "CRDT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="KZT">{tenge(abs(sum_))}</Amt><CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>'
    )


def _entry(move, version):
    came = move.amount > 0
    side, status = ("Dbtr" if came else "Cdtr"), ("BOOK" if version < "08" else "<Cd>BOOK</Cd>")
    name = f"<Nm>{escape(move.who)}</Nm><Id><OrgId><Othr><Id>{move.bin}</Id></Othr></OrgId></Id>"
    party = f"<{side}>{name if version < '08' else f'<Pty>{name}</Pty>'}</{side}>"
    account = f"<{side}Acct><Id><IBAN>{move.other}</IBAN></Id></{side}Acct>" if move.other else ""
    ref = f"<AcctSvcrRef>{move.ref}</AcctSvcrRef>" if move.ref else ""
    return (
        f'<Ntry><NtryRef>1</NtryRef><Amt Ccy="KZT">{tenge(abs(move.amount))}</Amt><CdtDbtInd>{"CRDT" if came else "DBIT"}</CdtDbtInd>'
        f"<Sts>{status}</Sts><BookgDt><Dt>{move.day}</Dt></BookgDt>{ref}<NtryDtls><TxDtls><Refs><InstrId>{move.number}</InstrId></Refs>"
        f"<RltdPties>{party}{account}</RltdPties><RmtInf><Ustrd>{escape(move.purpose)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
