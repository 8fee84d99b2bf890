"""
Finance's use cases for tests: closing days, their files, the watch over them, the audit.
"""
# ruff: noqa: D102  - each property is the use case of its name

from datetime import date
from functools import cached_property

from chalicelib.gateways.remittance.files import RemittanceFiles
from chalicelib.usecases.audit import Audit
from chalicelib.usecases.hand_out_files import HandOutFiles
from chalicelib.usecases.settle_days import SettleDays
from chalicelib.usecases.watch_settlements import WatchSettlements
from tests.fakes import settlements
from tests.fakes.rules import RULES
from tests.fakes.samples import HERE
from tests.fakes.sanctions import working_calendar


class Finance:
    """
    Mixed into the office, whose store and clock it uses.
    """

    @cached_property
    def settle(self):
        return SettleDays(
            **self._parts("committer", "ledger", "clock", "rules_on"),
            calendar=working_calendar,
            checkpoints=lambda: [HERE, "dostyk"],
            region_of=lambda _: settlements.REGION,
            first_day=lambda: date(2026, 11, 25),
        )

    @cached_property
    def watch_settlements(self):
        return WatchSettlements(
            **self._parts("ledger", "remittances", "clock", "rules_on"),
            calendar=working_calendar,
            requisites=lambda: self.requisites,
            first_day=self.settle.first_day,
        )

    @cached_property
    def audit(self):
        return Audit(**self._parts("scans", "ledger", "bookings"), region_of=lambda _: settlements.REGION)

    @cached_property
    def hand_out(self):
        return HandOutFiles(
            **self._parts("committer", "ledger", "remittances", "clock", "chance"),
            files=RemittanceFiles(zone=RULES.zone),
            requisites=lambda: self.requisites,
            signer=lambda: self.signer,
            opened=self.signer.opened,
        )
