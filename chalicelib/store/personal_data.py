"""
The embedded room for citizens' personal data: a table of its own, on an engine of its own where the deployment says so. Ids outside, data inside.
"""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar, cast

from pynamodb.attributes import UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.names import spell_name
from chalicelib.store.conditions import absent
from chalicelib.store.database import Database, StoreSettings
from chalicelib.store.indexes import index
from chalicelib.store.retries import ENGINE_ERRORS, Failure, classify
from chalicelib.store.rows import Row
from chalicelib.store.tables import create
from chalicelib.usecases.ports import PersonalDataUnavailableError, PersonRecord, StoreBusyError

T = TypeVar("T")
MOST_AT_ONCE: Final = 50


class PersonRow(Row):
    """
    One person; `lookup` names the unique row that leads to it, so that both are erased together.
    """

    id = UnicodeAttribute(hash_key=True)
    kind = UnicodeAttribute()
    fields = UnicodeAttribute()
    lookup = UnicodeAttribute(null=True)
    name_hash = UnicodeAttribute(null=True)

    by_name = index("by_name", {"name_hash": UnicodeAttribute(hash_key=True)}, keys_only=True)


class PersonLookupRow(Row):
    """
    Which person a keyed hash belongs to: `account#<hash>`.
    """

    key = UnicodeAttribute(hash_key=True)
    person = UnicodeAttribute()


class ClaimedMeanwhileError(Exception):
    """
    Somebody else stored a person under the same keyed hash first.
    """


class PersonalData:
    """
    The port `PersonalDataStore`. Raises `PersonalDataUnavailableError` when its engine does not answer.
    """

    def __init__(self, settings: StoreSettings, *, hashed: Callable[[str], str] | None = None) -> None:
        """
        Take the engine, and the keyed hash under which names are found; without one nobody is found by name.
        """
        self._hashed = hashed
        self.database = Database(settings)
        # `Any`: each bound class has the attributes of its row
        self._people: Any = self.database.bind(PersonRow, table="people")
        self._lookups: Any = self.database.bind(PersonLookupRow, table="people_lookups")

    def create_tables(self) -> None:
        """
        Create the tables that are missing.
        """
        create(self.database, self._people, stream=False)
        create(self.database, self._lookups, stream=False)

    def put(self, people: Sequence[PersonRecord]) -> None:
        """
        Store people, all of up to fifty or none; a person already there is overwritten and stays claimed.
        """
        for start in range(0, len(people), MOST_AT_ONCE):
            some = people[start : start + MOST_AT_ONCE]
            self._call(lambda some=some: self._put(some))  # type: ignore[misc]

    def _put(self, people: Sequence[PersonRecord]) -> None:
        row = self._people
        commit = str(uuid.uuid4())
        with TransactWrite(connection=self.database.connection, client_request_token=commit) as transaction:
            for person in people:
                actions = [
                    row.kind.set(person.kind),
                    row.fields.set(_spell(person)),
                    row.version.set(1),
                    row.commit.set(commit),
                    *self._named(person),
                ]
                transaction.update(row(person.id), actions=actions)

    def _named(self, person: PersonRecord) -> Sequence[Any]:
        name, attribute = person.fields.get("name"), self._people.name_hash
        if self._hashed is None or not isinstance(name, str) or not name:
            return [attribute.remove()]
        return [attribute.set(self._hashed(f"name:{spell_name(name)}"))]

    def named(self, name: str, *, limit: int) -> Sequence[str]:
        """
        Name the people of a name, however it is spelled; who has just come may be missing for a moment.
        """
        hashed = self._hashed
        if hashed is None:
            return []
        rows = self._call(lambda: list(self._people.by_name.query(hashed(f"name:{spell_name(name)}"), limit=limit)))
        return [row.id for row in rows]

    def get_many(self, ids: Sequence[str], *, purpose: str) -> Mapping[str, PersonRecord]:
        """
        Read people by id, consistently, for a purpose that is named; unknown ones are left out.
        """
        if not purpose:
            raise ValueError("personal data are read for a purpose")
        if not ids:
            return {}
        rows = self._call(lambda: list(self._people.batch_get(list(ids), consistent_read=True)))
        return {row.id: PersonRecord(row.id, row.kind, json.loads(row.fields)) for row in rows}

    def find(self, *, kind: str, keyed_hash: str) -> str | None:
        """
        Find a person's id by a unique keyed hash, consistently.
        """
        row = self._lookup(kind, keyed_hash)
        return None if row is None else cast("str", row.person)

    def claim(self, *, kind: str, keyed_hash: str, person: PersonRecord) -> str:
        """
        Store a person under a unique keyed hash; the id already there wins.
        """
        found = self.find(kind=kind, keyed_hash=keyed_hash)
        if found is not None:
            return found
        try:
            self._call(lambda: self._claim(f"{kind}#{keyed_hash}", person))
        except ClaimedMeanwhileError:
            # by another, or by a try of ours whose answer was lost: the lookup knows
            return self.find(kind=kind, keyed_hash=keyed_hash) or self.claim(kind=kind, keyed_hash=keyed_hash, person=person)
        return person.id

    def _claim(self, key: str, person: PersonRecord) -> None:
        commit = str(uuid.uuid4())
        row = self._people(person.id, kind=person.kind, fields=_spell(person), lookup=key, version=1, commit=commit)
        lookup = self._lookups(key, person=person.id, version=1, commit=commit)
        try:
            with TransactWrite(connection=self.database.connection, client_request_token=commit) as transaction:
                transaction.save(row)
                transaction.save(lookup, condition=absent(self._lookups))
        except ENGINE_ERRORS as error:
            if classify(error) is Failure.REFUSED:
                raise ClaimedMeanwhileError from error
            raise

    def erase(self, ids: Sequence[str]) -> None:
        """
        Forget people and what leads to them; unknown ones are forgotten already.
        """
        for start in range(0, len(ids), MOST_AT_ONCE):
            some = list(ids[start : start + MOST_AT_ONCE])
            rows = self._call(lambda some=some: list(self._people.batch_get(some, consistent_read=True)))  # type: ignore[misc]
            self._call(lambda rows=rows: self._erase(rows))  # type: ignore[misc]

    def _erase(self, rows: Sequence[Any]) -> None:
        if not rows:
            return
        with TransactWrite(connection=self.database.connection) as transaction:
            for row in rows:
                transaction.delete(row)
                if row.lookup:
                    transaction.delete(self._lookups(row.lookup))

    def _lookup(self, kind: str, keyed_hash: str) -> Any | None:
        def call() -> Any | None:
            try:
                return self._lookups.get(f"{kind}#{keyed_hash}", consistent_read=True)
            except self._lookups.DoesNotExist:
                return None

        return self._call(call)

    def _call(self, call: Callable[[], T]) -> T:
        try:
            return self.database.repeat(call)
        except StoreBusyError as error:
            raise PersonalDataUnavailableError(str(error)) from error


def _spell(person: PersonRecord) -> str:
    return json.dumps(dict(person.fields), ensure_ascii=False, separators=(",", ":"))
