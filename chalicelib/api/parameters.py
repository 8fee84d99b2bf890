"""
The names that paths carry.
"""

from typing import Final

from chalicelib.api.call import Role
from chalicelib.api.operation import PathParameter

CHECKPOINT: Final = PathParameter(r"[a-z0-9]+(-[a-z0-9]+){0,6}", "A checkpoint's slug.", "nur-zholy")
BOOKING: Final = PathParameter(r"[\w-]{1,64}", "A booking's id.", "bkg_0123456789abcdef01234567")
LIST: Final = PathParameter(r"lst_[\w-]{1,60}", "A vehicle list's id.", "lst_0123456789abcdef01234567")
ACCOUNT: Final = PathParameter(r"[\w-]{1,64}", "An account's id.", "acc_0123456789abcdef01234567")
COMPLAINT: Final = PathParameter(r"[\w-]{1,64}", "A complaint's id.", "cmp_0123456789abcdef01234567")
LANE: Final = PathParameter(r"[a-z0-9]+(-[a-z0-9]+){0,3}", "A lane of the checkpoint.", "entry-1")
SETTLEMENT: Final = PathParameter(r"20\d\d-\d\d-\d\d", "A settled day.", "2026-12-03")
INVOICE: Final = PathParameter(r"RF[0-9]{14}", "An invoice's reference.", "RF03123456789012")
STATEMENT: Final = PathParameter(r"stm_[0-9a-f]{24}", "A bank statement's id.", "stm_0123456789abcdef01234567")
BANK_LINE: Final = PathParameter(r"bln_[0-9a-f]{24}-[0-9]{1,6}", "A bank line's id.", "bln_0123456789abcdef01234567-1")
DRIVER: Final = PathParameter(r"[0-9]", "A driver's id within the booking.", "0")
USER: Final = frozenset({Role.USER})
"""Whose own things these are: staff accounts do not queue."""
REGISTRAR: Final = frozenset({Role.REGISTRAR})
"""Who runs the system and answers for it (§2.6)."""
