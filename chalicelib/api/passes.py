"""
The pass of a confirmed booking.
"""

from chalicelib import wiring
from chalicelib.api.answers import Document
from chalicelib.api.call import AnyCall
from chalicelib.api.operation import Answered, operation
from chalicelib.api.parameters import BOOKING, USER
from chalicelib.domain.decisions import Code, Refused
from chalicelib.gateways import passes
from chalicelib.usecases.issue_pass import Pass
from chalicelib.usecases.outcomes import Missing

SVG = "image/svg+xml"
PDF = "application/pdf"


@operation(
    "GET",
    "/v1/bookings/{id}/pass",
    response=None,
    media_types=(PDF, SVG),
    roles=USER,
    own="id",
    parameters={"id": BOOKING},
    problems=(Code.NOT_CONFIRMED, Code.NOT_ACCEPTABLE),
    rule="D25",
    tags=("Bookings",),
    summary="My pass",
)
def get_pass(call: AnyCall) -> Answered:
    """
    A sheet with the signed code (PDF), or the code alone (`Accept: image/svg+xml`).
    """
    return drawn(call, wiring.issue_pass()(account=call.account, booking=call.path["id"]))


def drawn(call: AnyCall, given: Pass | Refused | Missing) -> Answered:
    """
    Draw a pass as the caller can take it.
    """
    if not isinstance(given, Pass):
        return given
    if SVG in call.headers.get("accept", ""):
        return Document(passes.draw_qr_svg(token=given.token), SVG)
    known = wiring.law().checkpoints[given.booking.checkpoint].names
    names = {language: known[language] for language in wiring.law().languages}
    return Document(passes.draw_pdf(pass_=given, names=names, language=call.language.value), PDF, f"{given.booking.number}.pdf")
