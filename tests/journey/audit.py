"""
Looks into the system's own tables for what was lost or done twice. The one place where a journey's test looks behind the doors.
"""

import json
from collections import defaultdict

import boto3
import httpx

CREDENTIALS = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": "eu-central-1"}


class Audit:
    """
    Reads whole tables of a running system, and the provider's own books.
    """

    def __init__(self, system):
        self._system = system
        self._info = system.info()
        self._tables = boto3.resource("dynamodb", endpoint_url=self._info["dynamodb"], **CREDENTIALS)

    def rows(self, table):
        """
        All rows of a table.
        """
        pages = self._tables.meta.client.get_paginator("scan").paginate(TableName=f"queue-{table}", ConsistentRead=True)
        return [row for page in pages for row in page["Items"]]

    def journals(self):
        """
        The stored sequences of every gateway's journal, in order.
        """
        found = defaultdict(list)
        for row in self.rows("passages"):
            found[row["journal"]].append(int(row["sequence"]))
        return {journal: sorted(sequences) for journal, sequences in found.items()}

    def wallets(self):
        """
        Every wallet's balances, and what its postings' legs say they are: (available, held).
        """
        booked = defaultdict(lambda: [0, 0])
        for row in self.rows("postings"):
            for leg in legs(row):
                if leg["account"] in {"wallet_available", "wallet_held"}:
                    booked[row["wallet"]][leg["account"] == "wallet_held"] += int(leg["amount"])
        kept = {row["account"]: [int(row["available"]), int(row["held"])] for row in self.rows("wallets")}
        return kept, {account: sums for account, sums in booked.items() if account in kept}

    def payments(self, booking):
        """
        What the provider took for a booking, by its own books: amounts of succeeded payments.
        """
        key = (self._system.state / "secrets" / "payments-secret-key").read_text().strip()
        base = self._info["payment"]["base_url"]
        found, after = [], None
        while True:
            query = {"limit": 100} | ({"starting_after": after} if after else {})
            page = httpx.get(f"{base}/v1/payment_intents", params=query, headers={"Authorization": f"Bearer {key}"}, timeout=10)
            items = page.raise_for_status().json()["data"]
            found += [one["amount_received"] for one in items if one["metadata"].get("booking") == booking and one["status"] == "succeeded"]
            if not page.json()["has_more"]:
                return found
            after = items[-1]["id"]


def legs(row):
    """
    A posting's legs as they lie in the table.
    """
    found = row["legs"]
    return json.loads(found) if isinstance(found, str) else found
