"""
The embedded room for citizens' personal data: a table of its own, on an engine of its own where the deployment says so. Ids outside, data inside.
"""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar, cast

from pynamodb.attributes import UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.names import spell_name
from chalicelib.store.attributes import InstantAttribute
from chalicelib.store.conditions import absent
from chalicelib.store.database import Database, StoreSettings
from chalicelib.store.indexes import index
from chalicelib.store.reading import Reader
from chalicelib.store.retries import ENGINE_ERRORS, Failure, classify
from chalicelib.store.rows import Row, shard_of
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
    look_room = UnicodeAttribute(null=True)
    look_at = InstantAttribute(null=True)

    by_name = index("by_name", {"name_hash": UnicodeAttribute(hash_key=True)}, keys_only=True)
    by_look = index("look", {"look_room": UnicodeAttribute(hash_key=True), "look_at": InstantAttribute(range_key=True)}, keys_only=True)


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
        self._reader = Reader(self.database)
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
                    *self._looked(person.id, person.look_at),
                ]
                transaction.update(row(person.id), actions=actions)

    def _named(self, person: PersonRecord) -> Sequence[Any]:
        name, attribute = person.fields.get("name"), self._people.name_hash
        if self._hashed is None or not isinstance(name, str) or not name:
            return [attribute.remove()]
        return [attribute.set(self._hashed(f"name:{spell_name(name)}"))]

    def _looked(self, id_: str, at: datetime | None) -> Sequence[Any]:
        return [] if at is None else [self._people.look_room.set(_room(shard_of(id_))), self._people.look_at.set(at)]

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
        try:
            rows = self._reader.rows_of(PersonRow, ids)
        except StoreBusyError as error:
            raise PersonalDataUnavailableError(str(error)) from error
        return {row.id: PersonRecord(row.id, row.kind, json.loads(row.fields), row.look_at) for row in rows}

    def find(self, *, kind: str, keyed_hash: str) -> str | None:
        """
        Find a person's id by a unique keyed hash, consistently.
        """
        row = self._lookup(kind, keyed_hash)
        return None if row is None else cast("str", row.person)

    def claim(self, *, kind: str, keyed_hash: str, person: PersonRecord) -> str:
        """
        Store a person under a unique keyed hash; the id already there wins, and is looked at as late as the new one would be.
        """
        found = self.find(kind=kind, keyed_hash=keyed_hash)
        if found is not None:
            self._renew(found, person.look_at)
            return found
        try:
            self._call(lambda: self._claim(f"{kind}#{keyed_hash}", person))
        except ClaimedMeanwhileError:
            # by another, or by a try of ours whose answer was lost: the lookup knows
            return self.find(kind=kind, keyed_hash=keyed_hash) or self.claim(kind=kind, keyed_hash=keyed_hash, person=person)
        return person.id

    def _claim(self, key: str, person: PersonRecord) -> None:
        commit = str(uuid.uuid4())
        look = {} if person.look_at is None else {"look_room": _room(shard_of(person.id)), "look_at": person.look_at}
        row = self._people(person.id, kind=person.kind, fields=_spell(person), lookup=key, version=1, commit=commit, **look)
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

    def due(self, *, shard: int, until: datetime, limit: int) -> Sequence[str]:
        """
        Name people who are to be looked at by now, longest waiting first.
        """
        row = self._people
        rows = self._call(lambda: list(row.by_look.query(_room(shard), row.look_at <= until, limit=limit)))
        return [each.id for each in rows]

    def postpone(self, id_: str, *, at: datetime | None) -> None:
        """
        Look at somebody later, or never again; who is gone stays gone.
        """
        row = self._people
        actions = self._looked(id_, at) or [row.look_room.remove(), row.look_at.remove()]
        self._unless_refused(lambda: row(id_).update(actions=actions, condition=row.kind.exists()))

    def _renew(self, id_: str, at: datetime | None) -> None:
        row = self._people
        if at is not None:
            waits = row.look_at.exists() & (row.look_at < at)
            self._unless_refused(lambda: row(id_).update(actions=self._looked(id_, at), condition=waits))

    def forget_due(self, ids: Sequence[str], *, until: datetime) -> int:
        """
        Erase those of the people who are due by a moment still, and what leads to them: how many.
        """
        rows = self._call(lambda: list(self._people.batch_get(list(ids), consistent_read=True))) if ids else []
        due = [row for row in rows if row.look_at is not None and row.look_at <= until]
        return sum(self._unless_refused(lambda row=row: self._forget(row)) for row in due)  # type: ignore[misc]

    def _forget(self, row: Any) -> None:
        with TransactWrite(connection=self.database.connection) as transaction:
            transaction.delete(row, condition=self._people.look_at == row.look_at)
            if row.lookup:
                transaction.delete(self._lookups(row.lookup))

    def _unless_refused(self, call: Callable[[], object]) -> bool:
        """
        Do something that somebody else may have made needless: whether it was done.
        """

        def refused() -> bool:
            try:
                call()
            except ENGINE_ERRORS as error:
                if classify(error) is not Failure.REFUSED:
                    raise
                return False
            return True

        return self._call(refused)

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


def _room(shard: int) -> str:
    return f"look#{shard}"


def _spell(person: PersonRecord) -> str:
    return json.dumps(dict(person.fields), ensure_ascii=False, separators=(",", ":"))
