from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from chalicelib.api.schemas.base import Request
from chalicelib.api.schemas.fields import Country, Moment, fault
from chalicelib.contracts.plates import normalize

LONGEST_SECONDS = 400 * 86_400
"""The clock is moved by at most this much at once: beyond the horizon there is nothing to see."""
Share = Annotated[float, Field(ge=0, le=1)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=20)]


class ClockRequest(Request):
    """
    Exactly one of both: by how much, or to when.
    """

    advance_seconds: float | None = Field(default=None, ge=0, le=LONGEST_SECONDS)
    now: Moment | None = None

    @model_validator(mode="after")
    def check_one(self) -> "ClockRequest":
        """
        Refuse both and neither.
        """
        if (self.advance_seconds is None) == (self.now is None):
            raise fault("exactly_one", field="advance_seconds", expected="advance_seconds, now")
        return self


class LimitsRequest(Request):
    """
    By how much rate limits are loosened; 1 is as in the cloud.
    """

    factor: float = Field(gt=0, le=1_000_000)


class ReadingRequest(Request):
    """
    A plate as if from the reader; `char_confidences` one per character of the normalized text.
    """

    text: Annotated[str, StringConstraints(min_length=1, max_length=24)]
    country: Country
    confidence: Share
    char_confidences: list[Share] | None = Field(default=None, max_length=24)

    @model_validator(mode="after")
    def check_lengths(self) -> "ReadingRequest":
        """
        Refuse confidences that do not fit the text, and a text without a letter or digit.
        """
        length = len(normalize(self.text))
        if length == 0 or (self.char_confidences is not None and len(self.char_confidences) != length):
            raise fault("plate", field="text") if length == 0 else fault("one_each", field="char_confidences")
        return self


class NetworkRequest(Request):
    """
    Whether a checkpoint's gateway reaches the cloud.
    """

    connected: bool


class MatchRequest(Request):
    """
    Whom a register's answer is about: exactly one.
    """

    plate: Word | None = None
    vin: Word | None = None
    iin: Word | None = None
    phone: Word | None = None

    @model_validator(mode="after")
    def check_one(self) -> "MatchRequest":
        """
        Refuse more than one and none.
        """
        if len(self.model_dump(exclude_none=True)) != 1:
            raise fault("exactly_one", expected="plate, vin, iin, phone")
        return self


class RegistryRequest(Request):
    """
    How a simulated register answers from now on, for everyone or for one subject; `pending` and `withdrawn` are for `consent`.
    """

    mode: Literal["pass", "fail", "down", "slow", "pending", "withdrawn"]
    match: MatchRequest | None = None
