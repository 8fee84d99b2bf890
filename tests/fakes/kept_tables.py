"""
Tables spoken to plainly, beside any store: made once and emptied for each test, looked through and put back in milliseconds.

An engine's tables cost more the more of them there are, and a client library costs more than the engine.
"""

import http.client
import json
from contextlib import contextmanager

AT_ONCE = 25
HEADERS = {
    "X-Amz-Date": "20261201T000000Z",
    "Content-Type": "application/x-amz-json-1.0",
    "Authorization": "AWS4-HMAC-SHA256 Credential=local/20261201/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
}


def keys_of(rows):
    """
    Name the keys of the tables of some rows.
    """
    return {row.Meta.table_name: [name for name in (row._hash_keyname, row._range_keyname) if name] for row in rows}


def key(names, item):
    """
    Give the key of an item.
    """
    return {name: item[name] for name in names}


class Line:
    """
    A connection to an engine.
    """

    def __init__(self, connection):
        self._connection = connection

    def scan(self, table):
        """
        Give every item of a table.
        """
        items, more = [], {}
        while True:
            page = self._ask("Scan", TableName=table, ConsistentRead=True, **more)
            items += page["Items"]
            if "LastEvaluatedKey" not in page:
                return items
            more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def write(self, table, requests):
        """
        Put and delete items of a table.
        """
        for start in range(0, len(requests), AT_ONCE):
            self._ask("BatchWriteItem", RequestItems={table: requests[start : start + AT_ONCE]})

    def _ask(self, operation, **body):
        self._connection.request("POST", "/", json.dumps(body), {**HEADERS, "X-Amz-Target": f"DynamoDB_20120810.{operation}"})
        answer = self._connection.getresponse()
        found = json.loads(answer.read())
        assert answer.status == 200, found
        assert not found.get("UnprocessedItems"), found
        return found


@contextmanager
def line_to(settings):
    """
    Speak to the engine of a store's settings.
    """
    connection = http.client.HTTPConnection(settings.endpoint_url.removeprefix("http://"), timeout=20)
    try:
        yield Line(connection)
    finally:
        connection.close()


class KeptTables:
    """
    The tables of some rows under one prefix on an engine.
    """

    def __init__(self, settings, rows):
        self.settings = settings
        self._keys = keys_of(rows)

    def empty(self):
        """
        Take away every row.
        """
        with line_to(self.settings) as line:
            for table, names in self._keys.items():
                line.write(table, [{"DeleteRequest": {"Key": key(names, item)}} for item in line.scan(table)])
