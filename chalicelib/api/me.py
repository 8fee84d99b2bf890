"""
The user's own account.
"""

from chalicelib import wiring
from chalicelib.api.call import AnyCall, Call
from chalicelib.api.operation import SIGNED_IN, Answered, Rate, operation
from chalicelib.api.parameters import USER
from chalicelib.api.schemas.me import AgreedView, AgreementRequest, MeChanges, MeView
from chalicelib.api.views.money import me_view
from chalicelib.domain.decisions import Code, Refused
from chalicelib.usecases.keep_profile import PERSONAL
from chalicelib.usecases.outcomes import Missing

ME = ("My account",)


@operation("GET", "/v1/me", response=MeView, roles=SIGNED_IN, polled=True, tags=ME, summary="My account")
def get_me(call: AnyCall) -> Answered:
    """
    The account with its personal fields and what blocks it.
    """
    profile = wiring.keep_profile().read(account=call.account)
    return profile if isinstance(profile, Missing) else me_view(profile, language=call.language)


@operation(
    "PATCH",
    "/v1/me",
    request=MeChanges,
    response=MeView,
    roles=SIGNED_IN,
    rate=Rate.WRITE,
    tags=ME,
    summary="Change my account",
)
def change_me(call: Call[MeChanges, None]) -> Answered:
    """
    Only the fields that are given change; name and e-mail are forgotten by null.
    """
    given = call.body.model_dump(mode="json", exclude_unset=True)
    changes = {name: value for name, value in given.items() if value is not None or name in PERSONAL}
    profile = wiring.keep_profile().change(account=call.account, changes=changes)
    return profile if isinstance(profile, Missing) else me_view(profile, language=call.language)


@operation(
    "POST",
    "/v1/me/agreement",
    request=AgreementRequest,
    response=AgreedView,
    roles=USER,
    problems=(Code.AGREEMENT_OUTDATED,),
    rate=Rate.WRITE,
    rule="§15",
    tags=ME,
    summary="Sign the user agreement",
)
def sign_agreement(call: Call[AgreementRequest, None]) -> Answered:
    """
    Needed before the first booking; signing twice is signing once.
    """
    signed = wiring.keep_profile().agree(account=call.account, version=call.body.version)
    if isinstance(signed, Refused | Missing):
        return signed
    return AgreedView(version=call.body.version, agreed_at=signed.agreed_at or wiring.clock().now())
