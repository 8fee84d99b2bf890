from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from chalicelib.jurisdictions import reading
from chalicelib.jurisdictions.reading import Texts


class Person(StrEnum):
    """
    Whose residency decides whether a source is asked (D10), and of whom or what it is asked.
    """

    OWNER = "owner"
    DRIVER = "driver"
    USER = "user"
    VEHICLE = "vehicle"
    TRAILER = "trailer"


class Applies(StrEnum):
    """
    What a negative answer means for a resident or a non-resident (§19): a refusal, a mere notice, or it is not asked at all.
    """

    CHECK = "check"
    NOTICE = "notice"
    NOT_ASKED = "not_asked"


class Phase(StrEnum):
    """
    When a source is asked (D11).
    """

    BEFORE_PLACE = "before_place"
    LATER = "later"


class Condition(StrEnum):
    """
    The subject without which a source is not applicable (D12).
    """

    AGRICULTURAL_MACHINERY = "agricultural_machinery"
    PERMIT_REQUIRED = "permit_required"
    REGULATED_GOODS = "regulated_goods"
    CUSTOMS_PROCEDURE = "customs_procedure"


@dataclass(frozen=True, slots=True)
class Asked:
    """
    One question a source gets: about `subject`, if the residency of `residency_of` calls for it (§19, D10).
    """

    residency_of: Person
    subject: Person


@dataclass(frozen=True, slots=True)
class Source:
    """
    One of the twenty of §18. `validity` names what its `valid_until` belongs to; `recheck` ones are asked again before the slot (D11);
    `ledger` is ours and never goes to a register; `keys` are what a question may carry.
    """

    id: str
    names: Texts
    asked: tuple[Asked, ...]
    resident: Applies
    non_resident: Applies
    phase: Phase
    validity: str | None
    recheck: bool
    condition: Condition | None
    ledger: bool
    keys: tuple[str, ...]

    def applies(self, *, resident: bool) -> Applies:
        """
        Tell what §19 says for a resident or a non-resident.
        """
        return self.resident if resident else self.non_resident


@dataclass(frozen=True, slots=True)
class Sources:
    """
    All sources by id in the Order's sequence, and the table that says where their subject does not exist (D12).
    """

    by_id: Mapping[str, Source]
    eurasian_union: frozenset[str]
    regulated_cargo: frozenset[str]
    cargo_without_customs_procedure: frozenset[str]
    grounds: Mapping[Condition, str]

    def inapplicable_ground(
        self, source: Source, *, vehicle_country: str, neighbor_country: str, cargo_kind: str, declared: bool
    ) -> str | None:
        """
        Give the ground on which a source is not applicable to this trip, or none: then it is asked (D12).

        `declared` tells that the application names a customs declaration: then the goods are under a procedure.
        """
        inside = {vehicle_country, neighbor_country} <= self.eurasian_union
        exists = {
            None: True,
            Condition.AGRICULTURAL_MACHINERY: False,
            Condition.PERMIT_REQUIRED: not inside,
            Condition.REGULATED_GOODS: cargo_kind in self.regulated_cargo,
            Condition.CUSTOMS_PROCEDURE: cargo_kind not in self.cargo_without_customs_procedure
            and (declared or neighbor_country not in self.eurasian_union),
        }
        return None if source.condition is None or exists[source.condition] else self.grounds[source.condition]


def load_sources(path: Path) -> Sources:
    """
    Read the sources of §18 with the matrix of §19 and D10.
    """
    document, where = reading.read_json(path), path.name
    grounds = reading.field(document, "grounds", dict, where)
    return Sources(
        by_id=reading.by_id([(row["id"], _source(row, f"{where}.{row['id']}")) for row in reading.rows(document, "sources", where)], where),
        eurasian_union=frozenset(reading.words(document, "eurasian_union", where)),
        regulated_cargo=frozenset(reading.words(document, "regulated_cargo", where)),
        cargo_without_customs_procedure=frozenset(reading.words(document, "cargo_without_customs_procedure", where)),
        grounds={condition: reading.field(grounds, condition.value, str, where) for condition in Condition},
    )


def _source(row: dict[str, Any], where: str) -> Source:
    condition = reading.optional(row, "condition", str, where)
    return Source(
        id=reading.field(row, "id", str, where),
        names=reading.texts(row, "names", where),
        asked=tuple(Asked(Person(item["residency_of"]), Person(item["subject"])) for item in reading.rows(row, "asked", where)),
        resident=Applies(reading.field(row, "resident", str, where)),
        non_resident=Applies(reading.field(row, "non_resident", str, where)),
        phase=Phase(reading.field(row, "phase", str, where)),
        validity=reading.optional(row, "validity", str, where),
        recheck=reading.field(row, "recheck", bool, where),
        condition=Condition(condition) if condition else None,
        ledger=reading.field(row, "ledger", bool, where),
        keys=reading.words(row, "keys", where),
    )
