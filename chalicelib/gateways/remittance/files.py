"""
All files of a settlement with their digests.
"""

import json
from collections.abc import Mapping
from datetime import UTC, tzinfo
from hashlib import sha256

from chalicelib.domain.remittance import FileKind, Requisites, file_name, payment_orders
from chalicelib.domain.settlements import Settlement
from chalicelib.gateways.remittance.client_bank import write_client_bank
from chalicelib.gateways.remittance.pain001 import write_pain001
from chalicelib.gateways.remittance.tables import write_csv, write_xlsx


class RemittanceFiles:
    """
    The port `SettlementFiles`. `zone`: in which the bank's files tell times.
    """

    def __init__(self, *, zone: tzinfo) -> None:
        self._zone = zone

    def make(self, settlement: Settlement, requisites: Requisites) -> Mapping[FileKind, bytes]:
        """
        Make every file: a day that owes nothing has no payment message.
        """
        orders = payment_orders(settlement, requisites)
        made = {
            FileKind.CSV: write_csv(settlement),
            FileKind.XLSX: write_xlsx(settlement, orders),
            FileKind.CLIENT_BANK: write_client_bank(settlement, orders, zone=self._zone),
            **({FileKind.PAIN001: write_pain001(settlement, orders)} if orders else {}),
        }
        return {**made, FileKind.MANIFEST: _manifest(settlement, made, sample=requisites.sample)}


def _manifest(settlement: Settlement, made: Mapping[FileKind, bytes], *, sample: bool) -> bytes:
    document = {
        "settlement": str(settlement.day),
        "closed_at": settlement.closed_at.astimezone(UTC).isoformat(timespec="seconds"),
        "due_on": str(settlement.due_on),
        "remit_on": str(settlement.remit_on),
        "due": {"amount": settlement.due, "currency": "KZT"},
        **({"sample": True} if sample else {}),
        "files": [
            {"name": file_name(settlement.day, kind), "kind": kind.value, "size": len(content), "sha256": sha256(content).hexdigest()}
            for kind, content in sorted(made.items())
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
