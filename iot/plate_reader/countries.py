"""
How plates are built, country by country, as data. Trucks of these countries come to Kazakhstan's borders.

In a pattern `9` is a digit, `A` any letter, `*` either, `[KG]` one of these, a small letter one of a country's own alphabet (`ALPHABETS`);
`check` is searched in the whole text. `weight` (0–1) tells how much a fitting text speaks for this country here: loose patterns, rare visitors
and what is general knowledge only weigh less. A grammar warns, it never refuses (D9).
"""

from dataclasses import dataclass
from typing import Final

DIGITS: Final = "0123456789"
LATIN: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NO_I_NO_O: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"

ALPHABETS: Final = {
    "9": DIGITS,
    "A": LATIN,
    "*": DIGITS + LATIN,
    "r": "ABEKMHOPCTYX",  # ГОСТ Р 50577: Cyrillic letters that look Latin
    "b": "ABEIKMHOPCTX",  # Belarus
    "j": "ABEKMHOPCTXY",  # Tajikistan
    "u": "ABCEHIKMOPTX",  # Ukraine
    "t": "ABCDEFGHIJKLMNOPRSTUVYZ",  # Turkey
    "z": "ABCDEFHIJKLMNPRSTUVXYZ",  # Czechia: no G, O, Q, W (en.wikipedia, praguemonitor.com 2016-01-06)
    "l": "ABCDEFGHIJKLMNOPRSTUVWXYZ",  # Poland: no Q (skoda-storyboard.com 2019-10-08)
    "w": "ACEFGHJKLMNPRSTUVWXY",  # Poland, after the district: nor B, D, I, O, Z (pomorska.pl, c1-15880347)
    "n": "123456789",  # the first digit of a German number (FZV 2006, Anlage 2)
    "c": NO_I_NO_O,  # China
    "d": DIGITS + NO_I_NO_O,
    "p": "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼",
}


@dataclass(frozen=True, slots=True)
class Format:
    """
    One kind of plate of one country (ISO 3166 alpha-2).
    """

    country: str
    kind: str
    pattern: str
    weight: float = 1.0
    check: str = ""


KZ_REGION: Final = "(0[1-9]|1[0-9]|20)$"
TM_REGION: Final = "(AG|AH|BN|DZ|LB|MR)$"
LONG_REGION: Final = "[125789][0-9]{2}$"
LONG_REGION_TO_COME: Final = "[346][0-9]{2}$"
"""Three digits begin with 1, 2, 7 or 9 in the main; none that begins with 3, 4 or 6 is known to be given out."""
SHORT_REGION: Final = "(0[1-9]|[1-9][0-9])$"
TR_PROVINCE: Final = "^(0[1-9]|[1-7][0-9]|8[01])"

FORMATS: Final = (
    Format("KZ", "individual", "999AAA99", 1.0, KZ_REGION),
    Format("KZ", "legal", "999AA99", 1.0, KZ_REGION),
    Format("KZ", "foreign owner", "[FHMA]999999", 0.85, KZ_REGION),
    Format("KZ", "trailer", "99AAA99", 0.9, KZ_REGION),
    Format("KZ", "trailer", "99AA99", 0.7, KZ_REGION),
    Format("KZ", "individual 1993", "A999AAA", 0.8),
    Format("KZ", "legal 1993", "A999AA", 0.6),
    Format("RU", "vehicle", "r999rr99", 1.0, SHORT_REGION),
    Format("RU", "vehicle", "r999rr999", 1.0, LONG_REGION),
    Format("RU", "vehicle", "r999rr999", 0.6, LONG_REGION_TO_COME),
    Format("RU", "trailer", "rr999999", 0.9, SHORT_REGION),
    Format("RU", "trailer", "rr9999999", 0.9, LONG_REGION),
    Format("RU", "transit", "rr999r99", 0.8, SHORT_REGION),
    Format("RU", "transit", "rr999r999", 0.8, LONG_REGION),
    Format("UZ", "individual", "99A999AA", 0.95),
    Format("UZ", "legal", "99999AAA", 0.93),
    Format("UZ", "trailer", "999999AA", 0.88),
    Format("UZ", "trailer", "99AA9999", 0.7),
    Format("UZ", "foreign", "99[MH]999999", 0.85),
    Format("KG", "individual", "99[K][G]999AAA", 1.0, "^0[1-9]"),
    Format("KG", "legal", "99[K][G]999AA", 1.0, "^0[1-9]"),
    Format("KG", "foreign", "99[K][G]9999A", 1.0, "^0[1-9]"),
    Format("KG", "individual", "99999AAA", 0.95, "^0[1-9]"),
    Format("KG", "legal", "99999AA", 0.8, "^0[1-9]"),
    Format("KG", "foreign", "999999A", 0.7, "^0[1-9]"),
    Format("KG", "individual, old", "A9999AA", 0.7),
    Format("KG", "individual, old", "A9999A", 0.7),
    Format("KG", "legal, old", "9999AA", 0.6),
    Format("CN", "truck", "pcddddd", 1.0, "[0-9].*[0-9]"),
    Format("CN", "trailer", "pcdddd[挂]", 1.0, "[0-9].*[0-9]"),
    Format("CN", "truck, new energy", "pc99999[ABCDEFGHJK]", 1.0),
    Format("CN", "truck, province not read", "[EFGH]99999", 0.7),
    Format("CN", "truck, province not read", "[EFGH]ddddd", 0.6, "[0-9].*[0-9].*[0-9]"),
    Format("TM", "truck", "AA9999AA", 0.95, TM_REGION),
    Format("TM", "truck, before 2009", "A9999AA", 0.9, TM_REGION),
    Format("TM", "foreign", "9[H]99999", 0.7),
    Format("TM", "foreign trailer", "9[H][T]99999", 0.8),
    Format("TM", "transit", "[T]AA9999", 0.6),
    Format("TJ", "individual", "9999jj99", 0.95, "0[1-8]$"),
    Format("TJ", "legal", "999jj99", 0.7, "0[1-8]$"),
    Format("BY", "truck", "bb99999", 0.9, "[0-7]$"),
    Format("BY", "trailer", "b9999b9", 0.9, "[0-7]$"),
    Format("BY", "car", "9999bb9", 0.9, "[0-7]$"),
    Format("TR", "vehicle", "99t9999", 0.7, TR_PROVINCE),
    Format("TR", "vehicle", "99t99999", 0.75, TR_PROVINCE),
    Format("TR", "vehicle", "99tt999", 0.75, TR_PROVINCE),
    Format("TR", "vehicle", "99tt9999", 0.75, TR_PROVINCE),
    Format("TR", "vehicle", "99ttt99", 0.7, TR_PROVINCE),
    Format("TR", "vehicle", "99ttt999", 0.75, TR_PROVINCE),
    Format("UA", "vehicle", "uu9999uu", 0.85),
    Format("GE", "vehicle", "AA999AA", 0.75),
    Format("AZ", "vehicle", "99AA999", 0.75),
    Format("AM", "vehicle", "999AA99", 0.6),
    Format("AM", "vehicle", "99AA999", 0.6),
    Format("MN", "vehicle", "9999AAA", 0.7),
    Format("LT", "vehicle", "AAA999", 0.7),
    Format("LT", "trailer", "AA999", 0.5),
    Format("LV", "vehicle", "AA9999", 0.6),
    Format("EE", "vehicle", "999AAA", 0.6),
    Format("EE", "trailer", "999AA", 0.4),
    Format("SK", "vehicle", "AA999AA", 0.7),
    Format("CZ", "vehicle", "9z99999", 0.7),
    Format("CZ", "vehicle", "9zz9999", 0.65),
    Format("CZ", "vehicle, before 2001", "AAA9999", 0.6),
    Format("PL", "vehicle", "ll99999", 0.7),
    Format("PL", "vehicle", "lll9999", 0.6),
    Format("PL", "vehicle", "ll9999w", 0.65),
    Format("PL", "vehicle", "lll99ww", 0.65),
    Format("PL", "vehicle", "lll9w99", 0.5),
    Format("PL", "temporary", "l999999", 0.6),
    Format("DE", "vehicle", "AAAn999", 0.55),
    Format("DE", "vehicle", "AAAAn999", 0.6),
    Format("DE", "vehicle", "AAAn99", 0.5),
    Format("DE", "vehicle", "AAAAn99", 0.55),
    Format("DE", "vehicle", "AAAAAn99", 0.55),
)
