"""
One engine as one store sees it: settings, a connection shared by all tables, and the row classes bound to them.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar, cast

from botocore.config import Config
from botocore.loaders import Loader
from botocore.session import get_session
from pynamodb.connection import Connection
from urllib3 import Timeout

from chalicelib.store.patches import SeenRows
from chalicelib.store.retries import ENGINE_ERRORS, Failure, Pace, classify
from chalicelib.store.rows import Row
from chalicelib.store.wire import Wire
from chalicelib.usecases.ports import StoreBusyError

R = TypeVar("R")
CONNECT_TIMEOUT_S = 0.5
READ_TIMEOUT_S = 2.0
POOL = 32


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """
    Where the tables stand: `endpoint_url` none means AWS, `prefix` starts every table's name.

    Keys are given for a local engine only; in the cloud the role's credentials are found by botocore.
    """

    prefix: str
    region: str
    endpoint_url: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = field(default=None, repr=False)
    pace: Pace = field(default_factory=Pace)


@cache
def _loader() -> Loader:
    # botocore reads DynamoDB's description (80 ms) once a process, not once a store
    return Loader()


class SharedConnection(Connection):
    """
    PynamoDB's connection for all tables of a store, with a client made once under a lock: botocore's making of clients is not safe for threads.
    """

    def __init__(self, settings: StoreSettings) -> None:
        super().__init__(region=settings.region, host=settings.endpoint_url)
        self._settings = settings
        self._lock = threading.Lock()
        self._made: Any = None

    @property
    def client(self) -> Any:
        """
        Give the client, made at its first use.
        """
        if self._made is None:
            with self._lock:
                self._made = self._made or self._make()
        return self._made

    def _make(self) -> Any:
        session = get_session()
        session.register_component("data_loader", _loader())
        config = Config(
            parameter_validation=False,  # rows are serialized by their attributes; checking them again costs a millisecond
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            max_pool_connections=POOL,
            retries={"total_max_attempts": 1, "mode": "standard"},  # tries are counted in `retries.py` alone
            tcp_keepalive=True,
            user_agent="ashyq-kezek",  # botocore's own is put together anew for every call, for a third of a millisecond
        )
        known = self._settings
        if known.access_key_id and known.secret_access_key:
            session.set_credentials(known.access_key_id, known.secret_access_key)
        client = session.create_client("dynamodb", known.region, endpoint_url=known.endpoint_url, config=config)
        timeout = Timeout(connect=CONNECT_TIMEOUT_S, read=READ_TIMEOUT_S)
        return Wire(client, credentials=session.get_credentials(), timeout=timeout, pool=POOL)


class Database:
    """
    The tables of one prefix on one engine. Nothing is opened before the first call; safe for many threads.
    """

    def __init__(self, settings: StoreSettings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._bound: dict[type[Row], type[Row]] = {}
        self.connection = SharedConnection(settings)
        self.seen = SeenRows()

    def name(self, table: str) -> str:
        """
        Spell a table's full name.
        """
        return f"{self.settings.prefix}{table}"

    def bind(self, row: type[Row], *, table: str) -> type[Row]:
        """
        Make a row class of this database's own: PynamoDB keeps a table's name and connection in the class.
        """
        with self._lock:
            bound = self._bound.get(row)
            if bound is None:
                bound = self._bound[row] = self._make(row, table)
            return bound

    def bound(self, row: type[Row]) -> type[Row]:
        """
        Find a bound row class.
        """
        return self._bound[row]

    def _make(self, row: type[Row], table: str) -> type[Row]:
        meta = type("Meta", (), {"table_name": self.name(table), "billing_mode": "PAY_PER_REQUEST"})
        made = cast("Any", type(row.__name__, (row,), {"Meta": meta, "__module__": row.__module__}))
        own = made._get_connection()  # noqa: SLF001  one connection for all tables instead of one each: one pool, one client
        self.connection.add_meta_table(own.get_meta_table())
        own.connection = self.connection
        return cast("type[Row]", made)

    def ask(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        """
        Make a call that reads, repeated as by `repeat`; asked and answered as the engine spells things.
        """
        client: Wire = self.connection.client
        return self.repeat(lambda: client.call(operation, asked))

    def repeat(self, call: Callable[[], R]) -> R:
        """
        Repeat a call that may be repeated while the engine is busy or silent; `StoreBusyError` after the last try.
        """
        for tried in range(1, self.settings.pace.most_tries + 1):
            try:
                return call()
            except ENGINE_ERRORS as error:
                if classify(error) not in {Failure.UNDONE, Failure.UNKNOWN}:
                    raise
                if tried == self.settings.pace.most_tries:
                    raise StoreBusyError("the store does not answer") from error
            self.settings.pace.pause(tried)
        raise StoreBusyError("the store was not asked")
