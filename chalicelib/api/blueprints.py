"""
All blueprints.
"""

from typing import Final

from chalice.app import Blueprint

from chalicelib.api import bookings, checkpoints, finance, me, officer, passes, payments, service, sign_in, wallet

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    checkpoints.blueprint,
    sign_in.blueprint,
    me.blueprint,
    wallet.blueprint,
    bookings.blueprint,
    passes.blueprint,
    payments.blueprint,
    officer.blueprint,
    finance.blueprint,
    service.blueprint,
)
