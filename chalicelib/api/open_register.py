"""
The open register: what everybody may know of the queue, without a name in it.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from chalicelib import wiring
from chalicelib.api.answers import Document
from chalicelib.api.call import Call
from chalicelib.api.operation import PUBLIC, Answered, PathParameter, operation
from chalicelib.api.paging import page_of
from chalicelib.api.parameters import CHECKPOINT
from chalicelib.api.problems import ProblemError
from chalicelib.api.recent import Recent
from chalicelib.api.schemas.open_register import HistoryQuery, RegisteredPage, RegisterQuery
from chalicelib.api.views.open_register import NDJSON, history_document, registered
from chalicelib.contracts.plates import normalize
from chalicelib.domain.bookings import Booking
from chalicelib.domain.decisions import Code
from chalicelib.domain.public_history import History

OPEN = ("Open register",)
FILE = PathParameter(r"20\d\d-\d\d-\d\d\.ndjson", "A local day and `.ndjson`.", "2026-12-03.ndjson")
SPAN = timedelta(seconds=5)
FOUND: Recent[Sequence[Booking]] = Recent(span=SPAN, most=200)
HISTORIES: Recent[tuple[History, str]] = Recent(span=SPAN, most=8)
"""Histories are large and made of a whole day's events: a few are kept for a moment, made by one thread at a time."""


def found(query: RegisterQuery) -> Sequence[Booking]:
    """
    Look up what is asked: by plate where one is given, else a checkpoint's day; the rest narrows it.
    """
    register = wiring.open_register()
    if query.plate is None and query.checkpoint is not None and query.date is not None:
        return register.of_day(checkpoint=query.checkpoint, day=query.date)
    countries = (query.country,) if query.country else wiring.law().countries
    bookings = register.of_plates([f"{country}#{normalize(query.plate or '')}" for country in countries])
    return [booking for booking in bookings if query.checkpoint in (None, booking.checkpoint) and query.date in (None, booking.day)]


@operation(
    "GET",
    "/v1/public/bookings",
    query=RegisterQuery,
    response=RegisteredPage,
    roles=PUBLIC,
    polled=True,
    rule="§20",
    tags=OPEN,
    summary="Who is booked where and when",
)
def list_public_bookings(call: Call[None, RegisterQuery]) -> Answered:
    """
    By checkpoint and day, or by plate; at most five seconds old. No names, no documents, no account.
    """
    now = wiring.clock().now()
    key = call.query.model_dump_json(exclude={"limit", "cursor"})
    bookings, _ = FOUND.get(key, now=now, make=lambda: found(call.query))
    items, further = page_of(registered(bookings, now=now, rules=wiring.rules_on(now)), call.query)
    return RegisteredPage(items=list(items), next_cursor=further)


@operation(
    "GET",
    "/v1/public/history/{checkpoint}/{file}",
    parameters={"checkpoint": CHECKPOINT, "file": FILE},
    query=HistoryQuery,
    response=None,
    media_types=(NDJSON,),
    roles=PUBLIC,
    tags=OPEN,
    summary="Every change of a day's queue",
)
def get_history(call: Call[None, HistoryQuery]) -> Document:
    """
    One JSON object a line: what changed and on what ground; each line's `chain` is SHA-256 over the one before and the line itself.
    The last line counts them and carries a token (ES256, `typ: history+jwt`, keys at `/.well-known/jwks.json`) over count and last link.
    """
    day, checkpoint, register = day_of(call), call.path["checkpoint"], wiring.open_register()

    def make() -> tuple[History, str]:
        history = register.history(checkpoint=checkpoint, day=day)
        return history, register.signed(history)

    (history, token), _ = HISTORIES.get((checkpoint, day), now=wiring.clock().now(), make=make)
    return history_document(history, token=token, after=call.query.after, limit=call.query.limit)


def day_of(call: Call[None, HistoryQuery]) -> date:
    """
    Read the path's day at a checkpoint that exists, or refuse with 404.
    """
    try:
        day = date.fromisoformat(call.path["file"].removesuffix(".ndjson"))
    except ValueError:
        day = None
    if day is None or wiring.law().checkpoint(call.path["checkpoint"]) is None:
        raise ProblemError.because(Code.NOT_FOUND)
    return day
