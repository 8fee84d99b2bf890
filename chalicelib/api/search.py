"""
Looking bookings up: officers at their checkpoints, the registrar everywhere; by name only in a body, and never unseen.
"""

from collections.abc import Sequence

from chalicelib import wiring
from chalicelib.api.call import AnyCall, Call, Role
from chalicelib.api.field_errors import invalid_field
from chalicelib.api.identity import authorize
from chalicelib.api.officer import OFFICER, WATCHERS, checkpoints_of
from chalicelib.api.operation import Answered, Rate, operation
from chalicelib.api.paging import page_of
from chalicelib.api.registrar_bookings import REGISTRAR, REGISTRARS
from chalicelib.api.schemas.base import WholeQuery
from chalicelib.api.schemas.officer import FoundPage, NameSearch, RegistrarQuery, SearchQuery
from chalicelib.api.views.bookings import booking_view
from chalicelib.contracts.plates import normalize
from chalicelib.domain.bookings import Booking
from chalicelib.domain.decisions import Code


def plates_of(plate: str | None, country: str | None) -> tuple[str, ...]:
    """
    Spell a plate's keys: of its country, or of Kazakhstan and each neighbor when that is not said.
    """
    countries = (country,) if country else wiring.law().countries
    return tuple(f"{each}#{normalize(plate)}" for each in countries) if plate else ()


def where(call: Call[None, SearchQuery]) -> frozenset[str] | None:
    """
    Name the checkpoints to look at; a day alone over all of them is too much for one answer.
    """
    wanted, own = call.query, checkpoints_of(call)
    if wanted.checkpoint is not None:
        authorize(call.principal, roles=WATCHERS, checkpoint=wanted.checkpoint)
        return frozenset({wanted.checkpoint})
    if own is None and not (wanted.plate or wanted.vin or wanted.number):
        raise invalid_field("checkpoint", "required_with", language=call.language, other="date")
    return own


def page(call: AnyCall, found: Sequence[Booking], query: WholeQuery) -> FoundPage:
    """
    Show a page of what was found, its people read at once.
    """
    items, further = page_of(found, query)
    shown = wiring.read_bookings().shown(items)
    return FoundPage(items=[booking_view(seen, language=call.language) for seen in shown], next_cursor=further)


@operation(
    "GET",
    "/v1/officer/bookings",
    query=SearchQuery,
    response=FoundPage,
    roles=WATCHERS,
    problems=(Code.NOT_YOUR_CHECKPOINT, Code.NOT_FOUND),
    tags=OFFICER,
    summary="Find bookings",
)
def search_bookings(call: Call[None, SearchQuery]) -> Answered:
    """
    By plate, number, VIN or day, at the officer's own checkpoints; the registrar names one where he asks for a day alone.
    """
    wanted = call.query
    plates = plates_of(wanted.plate, wanted.country)
    reads = wiring.read_bookings()
    found = reads.find(checkpoints=where(call), plates=plates, vin=wanted.vin, number=wanted.number, day=wanted.date)
    return page(call, found, wanted)


@operation(
    "POST",
    "/v1/officer/bookings/search",
    request=NameSearch,
    query=WholeQuery,
    response=FoundPage,
    roles=WATCHERS,
    rate=Rate.WRITE,
    tags=OFFICER,
    summary="Find bookings by a name",
)
def search_by_name(call: Call[NameSearch, WholeQuery]) -> Answered:
    """
    Of an owner or driver, however the name is spelled, at the officer's own checkpoints. That he looked is kept, the name is not.
    """
    found = wiring.search_by_name()(officer=call.account, checkpoints=checkpoints_of(call), name=call.body.name)
    return page(call, found, call.query)


@operation(
    "GET",
    "/v1/registrar/search",
    query=RegistrarQuery,
    response=FoundPage,
    roles=REGISTRARS | {Role.ADMIN},
    tags=REGISTRAR,
    summary="Find bookings anywhere",
)
def search_everywhere(call: Call[None, RegistrarQuery]) -> Answered:
    """
    By plate, VIN or number, at every checkpoint.
    """
    wanted = call.query
    plates = plates_of(wanted.plate, wanted.country)
    return page(call, wiring.read_bookings().find(checkpoints=None, plates=plates, vin=wanted.vin, number=wanted.number), wanted)
