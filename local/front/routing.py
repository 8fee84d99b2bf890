"""
Which resource of an application a path names, as API Gateway finds it: fixed segments before variable ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Match:
    """
    A resource (`/v1/bookings/{id}`) and the values of its parameters.
    """

    resource: str
    values: Mapping[str, str]


class Table:
    """
    The resources of an application, and the methods each of them has.
    """

    def __init__(self, routes: Mapping[str, Iterable[str]]) -> None:
        self._methods = {resource: tuple(methods) for resource, methods in routes.items()}
        self._by_length: dict[int, list[tuple[str, list[str]]]] = {}
        for resource in sorted(self._methods, key=_rank):
            segments = resource.split("/")
            self._by_length.setdefault(len(segments), []).append((resource, segments))

    def methods(self, resource: str) -> tuple[str, ...]:
        """
        List the methods of a resource.
        """
        return self._methods[resource]

    def find(self, raw_path: str) -> Match | None:
        """
        Find the resource of a path as it was sent: it is split before it is decoded, so that an escaped slash stays a character.
        """
        given = raw_path.split("/")
        for resource, segments in self._by_length.get(len(given), ()):
            values: dict[str, str] = {}
            for pattern, segment in zip(segments, given, strict=True):
                if pattern.startswith("{") and segment:
                    values[pattern[1:-1]] = unquote(segment)
                elif pattern != segment:
                    break
            else:
                return Match(resource, values)
        return None


def _rank(resource: str) -> tuple[bool, ...]:
    return tuple(segment.startswith("{") for segment in resource.split("/"))
