"""
The kinds of fields that several schemas share, each parsed once and refused by a name of its own.
"""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Final, LiteralString
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from chalicelib.contracts.plates import plausible
from chalicelib.domain.vehicles import is_chassis, spell_chassis

ZONE: Final = ZoneInfo("Asia/Almaty")
"""All of Kazakhstan keeps one time (D32): instants are shown in it whatever zone they came in."""
CURRENCY: Final = "KZT"
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NUMBER: Final = re.compile(r"\d{12}", re.ASCII)
EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200


def fault(kind: LiteralString, **context: str) -> PydanticCustomError:
    """
    Refuse a value by the name under which its texts are kept, with what they need to say.
    """
    return PydanticCustomError(kind, "invalid", dict(context))


def parse_moment(value: object) -> datetime:
    """
    Read an RFC 3339 instant; a blank for the plus is what an unescaped query makes of it.
    """
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    written = re.sub(r" (\d\d:\d\d)$", r"+\1", value) if isinstance(value, str) else ""
    try:
        if MOMENT.fullmatch(written):
            moment = datetime.fromisoformat(written.upper())
            if FIRST_YEAR <= moment.year < LAST_YEAR:
                return moment.astimezone(ZONE)
    except (ValueError, OverflowError):
        pass
    raise fault("moment")


def parse_day(value: object) -> date:
    """
    Read an ISO calendar date.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and DAY.fullmatch(value):
            day = date.fromisoformat(value)
            if FIRST_YEAR <= day.year < LAST_YEAR:
                return day
    except ValueError:
        pass
    raise fault("date")


def shown_moment(value: datetime) -> str:
    """
    Show an instant in Kazakhstan's time, to the second unless it has a fraction.
    """
    return value.astimezone(ZONE).isoformat()


def clean_text(value: str) -> str:
    """
    Compose (NFC), trim, and refuse control and direction-changing characters.
    """
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for letter in value):
        raise fault("control_character")
    return " ".join(unicodedata.normalize("NFC", value).split())


def clean_prose(value: str) -> str:
    """
    Compose a longer text that may have lines.
    """
    return "\n".join(clean_text(line) for line in value.replace("\r\n", "\n").split("\n")).strip()


def check_plate(value: str) -> str:
    """
    Take a plate as printed; its normalized form must have 3–12 letters and digits (D9: a grammar warns, never refuses).
    """
    if not plausible(value):
        raise fault("plate")
    return clean_text(value).upper()


def check_vin(value: str) -> str:
    """
    Take a VIN or chassis number: 5–17 letters and digits. Old and foreign ones keep no standard, the vehicle register knows them (source 2).
    """
    if not is_chassis(value):
        raise fault("vin")
    return spell_chassis(value)


def check_country(value: str) -> str:
    """
    Take an ISO 3166 alpha-2 code, in capitals.
    """
    if re.fullmatch(r"[A-Z]{2}", value, re.ASCII) is None:
        raise fault("country")
    return value


def check_phone(value: str) -> str:
    """
    Take a phone number in international format and spell it as E.164.
    """
    import phonenumbers  # noqa: PLC0415 - 35 ms that only requests with a phone need

    try:
        parsed = phonenumbers.parse(value) if value.startswith("+") and len(value) <= 24 else None  # noqa: PLR2004
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise fault("phone")
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def check_email(value: str) -> str:
    """
    Take something that has the shape of an address; only a message to it proves more.
    """
    if EMAIL.fullmatch(value) is None:
        raise fault("email")
    return value


def check_iin(value: str) -> str:
    """
    Take a person's number (ЖСН/ИИН): 12 digits; whether it is anybody's is for the persons register to say (source 1).
    """
    if NUMBER.fullmatch(value) is None:
        raise fault("iin")
    return value


def check_bin(value: str) -> str:
    """
    Take an organization's number (БСН/БИН): 12 digits; whether it is anybody's is for the persons register to say.
    """
    if NUMBER.fullmatch(value) is None:
        raise fault("bin")
    return value


_MOMENT_SCHEMA: Final = {"type": "string", "format": "date-time", "examples": ["2026-12-03T14:00:00+05:00"]}
_DAY_SCHEMA: Final = {"type": "string", "format": "date", "examples": ["2026-12-03"]}

Moment = Annotated[datetime, PlainValidator(parse_moment), PlainSerializer(shown_moment, return_type=str), WithJsonSchema(_MOMENT_SCHEMA)]
Day = Annotated[date, PlainValidator(parse_day), PlainSerializer(date.isoformat, return_type=str), WithJsonSchema(_DAY_SCHEMA)]
Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(clean_text),
    StringConstraints(min_length=1),
    Field(examples=["Асқар Серіков"]),
]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=4000), AfterValidator(clean_prose), StringConstraints(min_length=1)]
Code16 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9./-]{1,16}$")]
Plate = Annotated[str, StringConstraints(min_length=3, max_length=24), AfterValidator(check_plate), Field(examples=["123 ABC 02"])]
Vin = Annotated[str, StringConstraints(min_length=5, max_length=24), AfterValidator(check_vin), Field(examples=["WDB96340310123456"])]
Country = Annotated[str, StringConstraints(min_length=2, max_length=2), AfterValidator(check_country), Field(examples=["KZ"])]
Phone = Annotated[str, StringConstraints(min_length=5, max_length=32), AfterValidator(check_phone), Field(examples=["+77011234567"])]
Email = Annotated[
    str,
    StringConstraints(min_length=5, max_length=254),
    AfterValidator(clean_text),
    AfterValidator(check_email),
    Field(examples=["driver@example.kz"]),
]
Iin = Annotated[str, StringConstraints(min_length=12, max_length=12), AfterValidator(check_iin), Field(examples=["880101300123"])]
Bin = Annotated[str, StringConstraints(min_length=12, max_length=12), AfterValidator(check_bin), Field(examples=["150340012340"])]


class Money(BaseModel):
    """
    A sum in minor units: tiyn of the tenge.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    amount: int = Field(ge=-(10**15), le=10**15, description="Tiyn: 865000 is 8,650.00 ₸.", examples=[865000])
    currency: str = Field(default=CURRENCY, pattern="^KZT$", examples=[CURRENCY])


def money(amount: int) -> Money:
    """
    Show a sum of tiyn.
    """
    return Money(amount=amount, currency=CURRENCY)
