"""
From an officer's request to his word about a passage.
"""

from datetime import timedelta
from typing import Final

from chalicelib import wiring
from chalicelib.api.call import Call
from chalicelib.api.field_errors import invalid_field
from chalicelib.api.schemas.officer import PassageRequest
from chalicelib.contracts.plates import normalize
from chalicelib.usecases.register_passage import LANES, Word

OLDEST: Final = timedelta(hours=72)
"""What happened longer ago than gates decide ahead is for the registrar to correct."""


def word_of(call: Call[PassageRequest, None]) -> Word:
    """
    Read a request; refuse a lane the checkpoint does not have, an action that cannot happen there, a moment to come. Raises `ProblemError`.
    """
    form = call.body
    checkpoint = wiring.law().checkpoint(call.path["id"])
    lane = checkpoint.lane(form.lane) if checkpoint is not None else None
    if lane is None:
        raise invalid_field("lane", "unknown_id", language=call.language)
    if lane.kind not in LANES[form.action]:
        here = ", ".join(told.value for told, kinds in LANES.items() if lane.kind in kinds)
        raise invalid_field("action", "enum", language=call.language, expected=here)
    now = wiring.clock().now()
    if not now - OLDEST <= form.at <= now:
        raise invalid_field("at", "passage_moment", language=call.language)
    countries = (form.country,) if form.country else wiring.law().countries
    plates = tuple(f"{country}#{normalize(form.plate)}" for country in countries) if form.plate else ()
    return Word(call.path["id"], lane.id, lane.kind, form.at, form.action, form.reason, form.booking, plates, form.photo)
