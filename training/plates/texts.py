"""
What stands on plates: texts drawn at random from the formats of every country that comes to Kazakhstan's borders, and how they are grouped.
"""

import re
from dataclasses import dataclass
from random import Random
from typing import Final

from iot.plate_reader.countries import ALPHABETS, LATIN

PROVINCES: Final = "新京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
TM_REGIONS: Final = ("AG", "AH", "BN", "DZ", "LB", "MR")
LEAST_CHINESE_DIGITS: Final = 2
RU_HUNDREDS: Final = ("1", "1", "7", "7", "1", "7", "9", "2", "5", "8")


@dataclass(frozen=True, slots=True)
class Wording:
    """
    A plate's text in groups, line by line; `kind` names the layout to draw it with.
    """

    country: str
    kind: str
    lines: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """
        The whole text as a reader shall give it: line after line, no separators.
        """
        return "".join(shown(group) for line in self.lines for group in line)


PATTERNS: Final[tuple[tuple[str, float, str, str], ...]] = (
    ("KZ", 8.0, "row", "999 AAA {KZ}"),
    ("KZ", 5.0, "row", "999 AA {KZ}"),
    ("KZ", 1.0, "row", "[FHMA] 9999 {KZ}"),
    ("KZ", 1.2, "row", "99 AAA {KZ}"),
    ("KZ", 0.6, "row", "99 AA {KZ}"),
    ("KZ", 1.0, "old", "A 999 AAA"),
    ("KZ", 0.6, "old", "A 999 AA"),
    ("KZ", 1.0, "square", "99 AAA / {KZ}"),
    ("KZ", 1.6, "square", "999 / AAA {KZ}"),
    ("KZ", 0.8, "square", "999 / AA {KZ}"),
    ("KZ", 0.8, "square", "99 / AA {KZ}"),
    ("RU", 11.0, "row", "r 999 rr {RU}"),
    ("RU", 2.0, "row", "rr 9999 {RU}"),
    ("RU", 0.6, "row", "rr 999 r {RU}"),
    ("RU", 1.0, "square", "r 999 / rr {RU}"),
    ("RU", 1.0, "square", "rr / 9999 {RU}"),
    ("UZ", 2.0, "row", "{UZ} A 999 AA"),
    ("UZ", 2.0, "row", "{UZ} 999 AAA"),
    ("UZ", 0.8, "row", "{UZ} 9999 AA"),
    ("UZ", 0.6, "row", "{UZ} [MH] 999999"),
    ("UZ", 0.5, "square", "{UZ} / 9999 AA"),
    ("KG", 2.2, "row", "{KG} 999 AAA"),
    ("KG", 1.2, "row", "{KG} 999 AA"),
    ("KG", 0.4, "row", "{KG} 9999 A"),
    ("KG", 0.9, "plain", "A 9999 AA"),
    ("KG", 0.5, "plain", "A 9999 A"),
    ("KG", 0.5, "square", "{KG} 999 / AAA"),
    ("CN", 3.0, "row", "pc ddddd"),
    ("CN", 0.8, "row", "pc dddd挂"),
    ("CN", 0.8, "row", "pc 99999[ABCDEFGHJK]"),
    ("CN", 0.6, "square", "pc / ddddd"),
    ("CN", 0.6, "square", "pc / dddd挂"),
    ("TM", 1.8, "row", "AA 9999 {TM}"),
    ("TM", 0.8, "row", "A 9999 {TM}"),
    ("TM", 0.4, "plain", "9[H] 99999"),
    ("TM", 0.3, "plain", "9[H][T] 99999"),
    ("TM", 0.3, "plain", "[T]AA 9999"),
    ("TJ", 1.6, "row", "9999 jj {TJ}"),
    ("TJ", 0.8, "row", "999 jj {TJ}"),
    ("BY", 2.2, "row", "bb 9999-{BY}"),
    ("BY", 1.0, "row", "b9999b-{BY}"),
    ("BY", 0.8, "row", "9999 bb-{BY}"),
    ("BY", 0.4, "square", "bb 9 / 999-{BY}"),
    ("TR", 0.7, "row", "{TR} t 9999"),
    ("TR", 0.7, "row", "{TR} tt 999"),
    ("TR", 0.7, "row", "{TR} tt 9999"),
    ("TR", 0.7, "row", "{TR} ttt 99"),
    ("TR", 0.7, "row", "{TR} ttt 999"),
    ("UA", 1.2, "row", "uu 9999 uu"),
    ("GE", 0.8, "row", "AA-999-AA"),
    ("AZ", 0.8, "row", "99 AA 999"),
    ("AM", 0.5, "row", "999 AA 99"),
    ("AM", 0.5, "row", "99 AA 999"),
    ("MN", 0.6, "row", "9999 AAA"),
    ("LT", 0.9, "row", "AAA 999"),
    ("LT", 0.5, "row", "AA 999"),
    ("LV", 0.8, "row", "AA-9999"),
    ("EE", 0.7, "row", "999 AAA"),
    ("SK", 2.2, "row", "AA~999AA"),
    ("CZ", 1.2, "row", "9z9 9999"),
    ("CZ", 0.6, "row", "9zz 9999"),
    ("CZ", 0.8, "row", "AAA~99-99"),
    ("CZ", 0.5, "row", "AAA~9999"),
    ("PL", 1.6, "row", "ll 99999"),
    ("PL", 0.9, "row", "lll 9999"),
    ("PL", 0.7, "row", "ll 9999w"),
    ("PL", 0.5, "row", "lll 99ww"),
    ("PL", 0.4, "row", "lll 9w99"),
    ("PL", 0.5, "row", "l 999999"),
    ("PL", 0.4, "row", "l~999999"),
    ("DE", 1.0, "row", "AAA~AA n99"),
    ("DE", 1.0, "row", "AA~AA n999"),
    ("DE", 1.0, "row", "A~AA n999"),
    ("DE", 0.5, "row", "AA~A n99"),
    ("XX", 0.6, "row", "AA 999 AA"),
    ("XX", 0.6, "row", "AAA-999"),
    ("XX", 0.6, "row", "A 999 AAA"),
    ("XX", 0.6, "row", "AA99 AAA"),
    ("XX", 1.2, "row", "[HKMNUVWXY][HKMNUVWXY] 99 [HKMNUVWXY][HKMNUVWXY]"),
    ("XX", 1.4, "row", "***-***"),
    ("XX", 1.2, "plain", "*******"),
    ("XX", 0.5, "plain", "*****"),
    ("XX", 0.5, "row", "** ****"),
)
"""
Country, how often (arbitrary unit), layout, groups: tokens as in `iot.plate_reader.countries`, `{KZ}` a region, ` ` a gap, `-` a printed
dash, `~` a seal or a gap, `/` the second line. `XX`: any mixture, so that the reader believes what it sees more than what is usual.
"""
WEIGHTS: Final = tuple(weight for _, weight, _, _ in PATTERNS)


def wording(random: Random, *, countries: frozenset[str] = frozenset(), kinds: frozenset[str] = frozenset()) -> Wording:
    """
    A plate's text at random, of certain countries or layouts where wished.
    """
    rows = [row for row in PATTERNS if (not countries or row[0] in countries) and (not kinds or row[2] in kinds)]
    country, _, kind, pattern = random.choices(rows, [row[1] for row in rows])[0]
    while True:
        lines = tuple(_groups(random, line.strip()) for line in pattern.split("/"))
        words = Wording(country, kind, lines)
        if country != "CN" or sum(character.isdigit() for character in words.text) >= LEAST_CHINESE_DIGITS:
            return words


def _groups(random: Random, line: str) -> tuple[str, ...]:
    return tuple(_filled(random, group) for group in re.split(r" |(?=[-~])", line) if group)


def shown(group: str) -> str:
    """
    A group without the sign of how it is set off.
    """
    return group.lstrip("-~")


def _filled(random: Random, group: str) -> str:
    tokens = re.findall(r"\{..\}|\[[^\]]+\]|.", group)
    return "".join(_character(random, token) for token in tokens)


def _character(random: Random, sign: str) -> str:
    if sign[0] == "{":
        return _region(random, sign[1:-1])
    if sign[0] == "[":
        return random.choice(sign[1:-1])
    if sign == "p":
        return "新" if random.random() < 0.4 else random.choice(PROVINCES)
    if sign == "*":
        return random.choice(LATIN if random.random() < 0.5 else "0123456789")
    return random.choice(ALPHABETS.get(sign, sign))


def _region(random: Random, country: str) -> str:
    match country:
        case "KZ":
            return f"{random.randint(1, 20):02d}"
        case "RU":
            two = f"{random.randint(1, 99):02d}"
            return two if random.random() < 0.6 else random.choice(RU_HUNDREDS) + two
        case "UZ":
            return f"{random.randint(1, 99):02d}"
        case "KG":
            return f"0{random.randint(1, 9)}"
        case "TJ":
            return f"0{random.randint(1, 8)}"
        case "BY":
            return str(random.randint(0, 7))
        case "TR":
            return f"{random.randint(1, 81):02d}"
        case _:
            return random.choice(TM_REGIONS)
