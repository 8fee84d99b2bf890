"""
Consents to the processing of personal data (§16), and biometric identity (§18.12).
"""

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.call import AnyCall, Call
from chalicelib.api.operation import Answered, PathParameter, Rate, operation
from chalicelib.api.parameters import USER
from chalicelib.api.schemas.base import PageQuery
from chalicelib.api.schemas.consents import ConsentPage, ConsentRequest, ConsentView, IdentitySessionRequest, IdentitySessionView
from chalicelib.api.views.consents import consent_page, consent_view, session_view
from chalicelib.usecases.outcomes import Missing

CONSENTS = ("Consents and identity",)
CONSENT = PathParameter(r"cns_[\w-]{1,64}", "A consent's id.", "cns_1f6c0a7be4d2935c8a10b7d4")
SESSION = PathParameter(r"ids_[\w-]{1,64}", "An identity session's id.", "ids_2M9sVbS1wT")


@operation(
    "POST",
    "/v1/me/consents",
    request=ConsentRequest,
    response=ConsentView,
    status=202,
    roles=USER,
    rate=Rate.WRITE,
    rule="§16",
    tags=CONSENTS,
    summary="Ask for a consent",
)
def request_consent(call: Call[ConsentRequest, None]) -> Answered:
    """
    A resident is asked by the state service; anybody else consents by agreement at once. Asking again while it stands changes nothing.
    """
    found = wiring.keep_consents().request(account=call.account, subject=call.body.subject)
    return found if isinstance(found, Missing) else Answer(consent_view(found), 202)


@operation("GET", "/v1/me/consents", query=PageQuery, response=ConsentPage, roles=USER, polled=True, tags=CONSENTS, summary="Consents")
def list_consents(call: Call[None, PageQuery]) -> Answered:
    """
    Those of my bookings too: who gave one is not told again.
    """
    return consent_page(wiring.keep_consents().mine(account=call.account, limit=call.query.limit, cursor=call.query.cursor))


@operation(
    "DELETE",
    "/v1/me/consents/{id}",
    response=ConsentView,
    roles=USER,
    own="id",
    parameters={"id": CONSENT},
    rate=Rate.WRITE,
    rule="§16",
    tags=CONSENTS,
    summary="Take a consent back",
)
def withdraw_consent(call: AnyCall) -> Answered:
    """
    New applications need it anew, one under verification is refused; confirmed bookings stay in force.
    """
    found = wiring.keep_consents().withdraw(account=call.account, consent=call.path["id"])
    return found if isinstance(found, Missing) else consent_view(found)


@operation(
    "POST",
    "/v1/me/identity-sessions",
    request=IdentitySessionRequest,
    response=IdentitySessionView,
    status=201,
    roles=USER,
    rate=Rate.WRITE,
    rule="§18",
    tags=CONSENTS,
    summary="Open an identity session",
)
def open_identity_session(call: Call[IdentitySessionRequest, None]) -> Answered:
    """
    The person shows his face on the provider's page; a completed session stands for source 12 while it is valid.
    """
    found = wiring.keep_identity().open(account=call.account, subject=call.body.subject)
    return found if isinstance(found, Missing) else Answer(session_view(found), 201)


@operation(
    "GET",
    "/v1/me/identity-sessions/{id}",
    response=IdentitySessionView,
    roles=USER,
    own="id",
    parameters={"id": SESSION},
    polled=True,
    tags=CONSENTS,
    summary="An identity session",
)
def get_identity_session(call: AnyCall) -> Answered:
    """
    As the provider knows it now.
    """
    found = wiring.keep_identity().read(account=call.account, session=call.path["id"])
    return found if isinstance(found, Missing) else session_view(found)
