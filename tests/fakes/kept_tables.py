"""
Tables that are made once and emptied for each test: an engine's tables cost more the more of them there are.
"""

import http.client
import json

AT_ONCE = 25
HEADERS = {
    "X-Amz-Date": "20261201T000000Z",
    "Content-Type": "application/x-amz-json-1.0",
    "Authorization": "AWS4-HMAC-SHA256 Credential=local/20261201/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
}


class KeptTables:
    """
    The tables of some rows under one prefix on an engine, spoken to plainly: thirty of them are looked into in milliseconds.
    """

    def __init__(self, settings, rows):
        self.settings = settings
        self._keys = {row.Meta.table_name: [name for name in (row._hash_keyname, row._range_keyname) if name] for row in rows}

    def empty(self):
        """
        Take away every row.
        """
        connection = http.client.HTTPConnection(self.settings.endpoint_url.removeprefix("http://"), timeout=20)
        try:
            for table, keys in self._keys.items():
                while rows := self._ask(connection, "Scan", TableName=table, ConsistentRead=True)["Items"]:
                    deletes = [{"DeleteRequest": {"Key": {name: row[name] for name in keys}}} for row in rows]
                    for start in range(0, len(deletes), AT_ONCE):
                        self._ask(connection, "BatchWriteItem", RequestItems={table: deletes[start : start + AT_ONCE]})
        finally:
            connection.close()

    @staticmethod
    def _ask(connection, operation, **body):
        connection.request("POST", "/", json.dumps(body), {**HEADERS, "X-Amz-Target": f"DynamoDB_20120810.{operation}"})
        answer = connection.getresponse()
        found = json.loads(answer.read())
        assert answer.status == 200, found
        return found
