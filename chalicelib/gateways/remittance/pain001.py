"""
Payment orders as ISO 20022 `pain.001.001.09` (CustomerCreditTransferInitiationV09): one transfer a region's budget.
"""

from collections.abc import Sequence
from datetime import UTC
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from chalicelib.domain.money import CURRENCY
from chalicelib.domain.remittance import Party, PaymentOrder, tenge
from chalicelib.domain.settlements import Settlement

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
LONGEST_LINE: Final = 140
"""What one line of an unstructured remittance information may hold."""
SENDER: Final = "ru"
"""The language in which parties are named to banks."""


def write_pain001(settlement: Settlement, orders: Sequence[PaymentOrder]) -> bytes:
    """
    Write the message; a settlement that owes nothing makes no payment, and raises `ValueError`.
    """
    if not orders:
        raise ValueError("no payment, no message")
    document = Element("Document", xmlns=NAMESPACE)
    root = SubElement(document, "CstmrCdtTrfInitn")
    payer, total = orders[0].payer, tenge(sum(order.amount for order in orders))
    head = SubElement(root, "GrpHdr")
    _text(head, "MsgId", f"{'SAMPLE-' if orders[0].sample else ''}BUDGET-{settlement.day:%Y%m%d}")
    _text(head, "CreDtTm", settlement.closed_at.astimezone(UTC).isoformat(timespec="seconds"))
    _text(head, "NbOfTxs", str(len(orders)))
    _text(head, "CtrlSum", total)
    _party(SubElement(head, "InitgPty"), payer)
    info = SubElement(root, "PmtInf")
    _text(info, "PmtInfId", f"BUDGET-{settlement.day:%Y%m%d}")
    _text(info, "PmtMtd", "TRF")
    _text(info, "BtchBookg", "false")
    _text(info, "NbOfTxs", str(len(orders)))
    _text(info, "CtrlSum", total)
    _text(SubElement(info, "ReqdExctnDt"), "Dt", settlement.remit_on.isoformat())
    _party(SubElement(info, "Dbtr"), payer)
    _account(SubElement(info, "DbtrAcct"), payer)
    _bank(SubElement(info, "DbtrAgt"), payer)
    _text(info, "ChrgBr", "DEBT")  # what the transfer costs is the registrar's (D29)
    for order in orders:
        _transfer(SubElement(info, "CdtTrfTxInf"), order)
    indent(document)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(document, encoding="unicode")}\n'.encode()


def _transfer(into: Element, order: PaymentOrder) -> None:
    to = order.beneficiary
    ids = SubElement(into, "PmtId")
    _text(ids, "InstrId", order.number)
    _text(ids, "EndToEndId", order.number)
    amount = _text(SubElement(into, "Amt"), "InstdAmt", tenge(order.amount))
    amount.set("Ccy", CURRENCY)
    _bank(SubElement(into, "CdtrAgt"), to.party)
    _party(SubElement(into, "Cdtr"), to.party)
    _account(SubElement(into, "CdtrAcct"), to.party)
    _text(SubElement(into, "Purp"), "Prtry", to.knp)
    reporting = SubElement(into, "RgltryRptg")
    for what, code in (("KNP", to.knp), ("KBK", to.budget_code), ("KOD", order.payer.kbe), ("KBE", to.party.kbe)):
        details = SubElement(reporting, "Dtls")
        _text(details, "Tp", what)
        _text(details, "Cd", code)
    said = SubElement(into, "RmtInf")
    for start in range(0, len(order.purpose), LONGEST_LINE):
        _text(said, "Ustrd", order.purpose[start : start + LONGEST_LINE])


def _party(into: Element, party: Party) -> None:
    _text(into, "Nm", party.titles[SENDER])
    other = SubElement(SubElement(SubElement(into, "Id"), "OrgId"), "Othr")
    _text(other, "Id", party.business_id)
    _text(SubElement(other, "SchmeNm"), "Prtry", "BIN")


def _account(into: Element, party: Party) -> None:
    _text(SubElement(into, "Id"), "IBAN", party.iik)
    _text(into, "Ccy", CURRENCY)


def _bank(into: Element, party: Party) -> None:
    _text(SubElement(into, "FinInstnId"), "BICFI", party.bic)


def _text(into: Element, name: str, text: str) -> Element:
    made = SubElement(into, name)
    # signs that XML cannot hold at all, and line ends that a reader would change
    made.text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return made
