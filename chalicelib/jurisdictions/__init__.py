"""
What belongs to one country and is data: checkpoints, classes, fees, policies, calendar, registers and texts, validated at load.
"""

from chalicelib.jurisdictions.loading import ASSUMPTIONS, Jurisdiction, jurisdiction
from chalicelib.jurisdictions.reading import LANGUAGES, InvalidJurisdictionError, Texts

__all__ = ["ASSUMPTIONS", "LANGUAGES", "InvalidJurisdictionError", "Jurisdiction", "Texts", "jurisdiction"]
