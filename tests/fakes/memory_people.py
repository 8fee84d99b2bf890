"""
The personal data room's stand-in without an engine.
"""

import copy
import threading
from dataclasses import replace

from chalicelib.domain.names import spell_name
from chalicelib.store.rows import shard_of


class MemoryPeople:
    """
    The port `PersonalDataStore` over dictionaries.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._people = {}
        self._lookups = {}

    def put(self, people):
        """
        Store people.
        """
        with self._lock:
            self._people.update({person.id: self._kept(person) for person in people})

    def get_many(self, ids, *, purpose):
        """
        Read people for a purpose that is named.
        """
        if not purpose:
            raise ValueError("personal data are read for a purpose")
        with self._lock:
            return copy.deepcopy({id_: self._people[id_] for id_ in ids if id_ in self._people})

    def find(self, *, kind, keyed_hash):
        """
        Find a person by a keyed hash.
        """
        with self._lock:
            return self._lookups.get((kind, keyed_hash))

    def named(self, name, *, limit):
        """
        Name the people of a name.
        """
        with self._lock:
            found = [id_ for id_, person in self._people.items() if spell_name(str(person.fields.get("name") or "")) == spell_name(name)]
            return found[:limit] if spell_name(name) else []

    def claim(self, *, kind, keyed_hash, person):
        """
        Store a person under a keyed hash; the id already there wins.
        """
        with self._lock:
            if (kind, keyed_hash) not in self._lookups:
                self._lookups[kind, keyed_hash] = person.id
                self._people[person.id] = copy.deepcopy(person)
            there = self._people.get(self._lookups[kind, keyed_hash])
            if there is not None and None not in (there.look_at, person.look_at) and there.look_at < person.look_at:
                self._people[there.id] = replace(there, look_at=person.look_at)
            return self._lookups[kind, keyed_hash]

    def _kept(self, person):
        there = self._people.get(person.id)
        return copy.deepcopy(replace(person, look_at=person.look_at or (there.look_at if there else None)))

    def due(self, *, shard, until, limit):
        """
        Name people who are to be looked at.
        """
        with self._lock:
            waits = [person for id_, person in self._people.items() if person.look_at is not None and shard_of(id_) == shard]
            return [person.id for person in sorted(waits, key=lambda each: each.look_at) if person.look_at <= until][:limit]

    def postpone(self, id_, *, at):
        """
        Look at somebody later, or never again.
        """
        with self._lock:
            if id_ in self._people:
                self._people[id_] = replace(self._people[id_], look_at=at)

    def forget_due(self, ids, *, until):
        """
        Erase those who are due still.
        """
        known = self.get_many(ids, purpose="retention")
        due = [id_ for id_, person in known.items() if person.look_at is not None and person.look_at <= until]
        self.erase(due)
        return len(due)

    def erase(self, ids):
        """
        Forget people and what leads to them.
        """
        with self._lock:
            self._people = {id_: person for id_, person in self._people.items() if id_ not in ids}
            self._lookups = {key: id_ for key, id_ in self._lookups.items() if id_ not in ids}
