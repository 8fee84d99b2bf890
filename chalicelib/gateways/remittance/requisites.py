"""
The bank details that an operator keeps where the keys lie: who can change them can send the money elsewhere. There is no default.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.remittance import Beneficiary, InvalidRequisitesError, Party, Requisites


def read_requisites(document: Mapping[str, Any] | None) -> Requisites | None:
    """
    Read `{"payer": {…}, "regions": {code: {…}}, "sample"?: true}`; none where nothing is set. What is wrong raises `InvalidRequisitesError`.
    """
    if not document:
        return None
    try:
        regions = {str(code): _beneficiary(entry) for code, entry in document["regions"].items()}
        return Requisites(_party(document["payer"]), regions, sample=document.get("sample") is True)
    except InvalidRequisitesError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InvalidRequisitesError(f"remittance: {error}") from error


def _party(entry: Mapping[str, Any]) -> Party:
    return Party(dict(entry["name"]), entry["bin"], entry["iik"], entry["bic"], entry["kbe"])


def _beneficiary(entry: Mapping[str, Any]) -> Beneficiary:
    return Beneficiary(_party(entry), entry["budget_code"], entry["knp"], dict(entry["purpose"]))
