"""
Sign-in by a code to the phone, for users and staff alike; rotating refresh tokens.
"""

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.call import Call
from chalicelib.api.operation import PUBLIC, Answered, Rate, operation
from chalicelib.api.schemas.sign_in import ChallengeView, CodeAnswerRequest, CodeRequest, RefreshRequest, TokensView
from chalicelib.domain.decisions import Code, Refused
from chalicelib.usecases.sign_in import Tokens

SIGN_IN = ("Sign-in",)


def shown(tokens: Tokens | Refused) -> Answered:
    """
    Show what a sign-in gave.
    """
    if isinstance(tokens, Refused):
        return tokens
    return TokensView(access_token=tokens.access, refresh_token=tokens.refresh, expires_in=tokens.expires_in)


@operation(
    "POST",
    "/v1/auth/otp",
    request=CodeRequest,
    response=ChallengeView,
    status=202,
    roles=PUBLIC,
    rate=Rate.OTP,
    rule="§15",
    tags=SIGN_IN,
    summary="Ask for a code",
)
def ask_for_code(call: Call[CodeRequest, None]) -> Answered:
    """
    Six digits, good for five minutes and five tries; the answer is the same whether the phone is known or not.
    """
    made = wiring.sign_in().request_code(phone=call.body.phone, channel=call.body.channel, language=call.language.value)
    return made if isinstance(made, Refused) else ChallengeView(challenge_id=made.id, expires_at=made.expires_at)


@operation(
    "POST",
    "/v1/auth/otp/verify",
    request=CodeAnswerRequest,
    response=TokensView,
    roles=PUBLIC,
    problems=(Code.OTP_INVALID,),
    rate=Rate.OTP,
    rule="§15",
    tags=SIGN_IN,
    summary="Give the code, get tokens",
)
def verify_code(call: Call[CodeAnswerRequest, None]) -> Answered:
    """
    Five wrong codes burn the challenge. The first sign-in opens the account.
    """
    return shown(wiring.sign_in().verify_code(challenge=call.body.challenge_id, code=call.body.code))


@operation(
    "POST",
    "/v1/auth/refresh",
    request=RefreshRequest,
    response=TokensView,
    roles=PUBLIC,
    problems=(Code.UNAUTHENTICATED,),
    rate=Rate.OTP,
    tags=SIGN_IN,
    summary="New tokens for a refresh token",
)
def refresh_tokens(call: Call[RefreshRequest, None]) -> Answered:
    """
    Each refresh token is good once; a spent one ends the whole family.
    """
    return shown(wiring.sign_in().refresh(token=call.body.refresh_token))


@operation(
    "POST",
    "/v1/auth/logout",
    request=RefreshRequest,
    response=None,
    status=204,
    roles=PUBLIC,
    rate=Rate.OTP,
    tags=SIGN_IN,
    summary="Sign out",
)
def sign_out(call: Call[RefreshRequest, None]) -> Answered:
    """
    Ends the refresh token's family; one that is unknown changes nothing.
    """
    wiring.sign_in().sign_out(token=call.body.refresh_token)
    return Answer(None, 204)
