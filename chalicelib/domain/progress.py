"""
How far a long walk of a step has come: what it walks for, where it goes on, kept after every chunk, so that a crash loses one chunk at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from hashlib import sha256

from chalicelib.domain.rules import Rules


@dataclass(frozen=True, slots=True)
class Progress:
    """
    One step's walk: `mark` names what it is walked for, `cursor` where it goes on (none: it is done), `looked` and `changed` count it.
    """

    step: str
    mark: str = ""
    cursor: str | None = None
    looked: int = 0
    changed: int = 0
    at: datetime | None = None
    version: int = 0

    def is_done(self, mark: str) -> bool:
        """
        Tell whether the walk for something has come to its end.
        """
        return self.mark == mark and self.cursor is None

    def start(self, mark: str) -> "Progress":
        """
        Go on with a walk, or begin one for something else.
        """
        return self if self.mark == mark else replace(self, mark=mark, cursor="", looked=0, changed=0)

    def further(self, *, cursor: str | None, looked: int, changed: int, at: datetime) -> "Progress":
        """
        Count a chunk: the next version.
        """
        return replace(self, cursor=cursor, looked=self.looked + looked, changed=self.changed + changed, at=at, version=self.version + 1)


def mark_of(rules: Rules) -> str:
    """
    Name the figures in force: equal figures have equal names.
    """
    return sha256(repr([(each.name, _plain(getattr(rules, each.name))) for each in fields(rules)]).encode()).hexdigest()[:16]


def _plain(figure: object) -> object | Sequence[object]:
    return sorted(figure) if isinstance(figure, frozenset) else figure
