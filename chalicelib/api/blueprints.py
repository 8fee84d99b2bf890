"""
All blueprints, in the order of the contract; the documents follow it.
"""

from typing import Final

from chalice.app import Blueprint

from chalicelib.api import service

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (service.blueprint,)
