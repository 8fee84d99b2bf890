"""
Stale answers of indexes and eventual reads: they come from a second set of tables that follows the first one late.

    with stale_reads.behind(store, writes=1) as stale:
        …                     # index queries do not know the last write yet
        stale.catch_up()      # now they do
"""

import json
import threading
import time
import uuid
from collections import deque
from contextlib import contextmanager
from dataclasses import replace

from botocore.exceptions import ClientError

from chalicelib.store.store import Store
from tests.fakes.faults import WRITES

CONDITION_FAILED = "ConditionalCheckFailedException"


class StaleReads:
    """
    The late tables and what has not reached them: a write is seen once `writes` later ones are done, or `lag_s` seconds have passed.
    """

    def __init__(self, store, *, writes, lag_s):
        self._writes = writes
        self._lag_s = lag_s
        self._prefix = store.database.settings.prefix
        self._behind = f"late{uuid.uuid4().hex[:6]}-{self._prefix}"
        late = Store(replace(store.database.settings, prefix=self._behind), next_step=lambda _: None)
        late.create_tables()
        self._client = late.database.connection.client
        self._waiting = deque()
        self._lock = threading.Lock()
        self.answered = 0
        for row in store.rows:
            self._copy(row.Meta.table_name)

    def before(self, model, params, context, **_):
        """
        Turn an eventual query to the late tables; remember what a write says.
        """
        if model.name in WRITES:
            context["written"] = params["body"]
        if model.name != "Query":
            return
        asked = json.loads(params["body"])
        if not asked.get("ConsistentRead"):
            self._follow()
            self.answered += 1
            params["body"] = json.dumps({**asked, "TableName": self._late(asked["TableName"])}).encode()

    def after(self, model, http_response, context, **_):
        """
        Queue a write that was done.
        """
        if model.name in WRITES and http_response.status_code == 200:
            written = self._whole(model.name, json.loads(context["written"]))
            with self._lock:
                self._waiting.append((time.monotonic(), *written))

    def _whole(self, operation, said):
        """
        Spell a change of a row as the whole row that it made.
        """
        if operation == "UpdateItem":
            return "PutItem", self._made(said)
        parts = [{"Put": self._made(part["Update"])} if "Update" in part else part for part in said.get("TransactItems", ())]
        return operation, {**said, "TransactItems": parts} if parts else said

    def _made(self, said):
        row = self._client.get_item(TableName=said["TableName"], Key=said["Key"], ConsistentRead=True)
        return {"TableName": said["TableName"], "Item": row["Item"]}

    def catch_up(self):
        """
        Let the late tables know everything.
        """
        with self._lock:
            while self._waiting:
                self._apply(*self._waiting.popleft()[1:])

    def _follow(self):
        with self._lock:
            while self._waiting and self._is_known(self._waiting[0][0]):
                self._apply(*self._waiting.popleft()[1:])

    def _is_known(self, at):
        if self._lag_s is not None:
            return time.monotonic() - at >= self._lag_s
        return len(self._waiting) > self._writes

    def _late(self, table):
        return f"{self._behind}{table.removeprefix(self._prefix)}"

    def _copy(self, table):
        for page in self._client.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                self._client.put_item(TableName=self._late(table), Item=item)

    def _apply(self, operation, said):
        if operation == "TransactWriteItems":
            for part in said["TransactItems"]:
                ((verb, request),) = part.items()
                self._apply(f"{verb}Item", request)
        elif operation == "PutItem":
            self._put(self._late(said["TableName"]), said["Item"])
        elif operation == "DeleteItem":
            self._client.delete_item(TableName=self._late(said["TableName"]), Key=said["Key"])
        else:
            raise NotImplementedError(operation)

    def _put(self, table, item):
        # two threads may report two versions of an item in either order: the higher one stays
        try:
            self._client.put_item(
                TableName=table,
                Item=item,
                ConditionExpression="attribute_not_exists(#v) OR #v < :v",
                ExpressionAttributeNames={"#v": "version"},
                ExpressionAttributeValues={":v": item["version"]},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != CONDITION_FAILED:
                raise


@contextmanager
def behind(store, *, writes=1, lag_s=None):
    """
    Keep index queries and other eventual reads behind: by a number of writes, or where `lag_s` is given, by a time.
    """
    stale = StaleReads(store, writes=writes, lag_s=lag_s)
    events = store.database.connection.client.meta.events
    events.register_first("before-call.dynamodb", stale.before)
    events.register_first("after-call.dynamodb", stale.after)
    try:
        yield stale
    finally:
        events.unregister("before-call.dynamodb", stale.before)
        events.unregister("after-call.dynamodb", stale.after)
