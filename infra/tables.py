"""
The tables of the store: keys, indexes, expiry and stream read from the very classes that use them, so that they cannot drift.
"""

from collections.abc import Sequence
from typing import Any, Final, cast

from aws_cdk import CfnTag, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from chalicelib.store.database import StoreSettings
from chalicelib.store.personal_data import PersonalData, PersonLookupRow, PersonRow
from chalicelib.store.rows import Row
from chalicelib.store.store import Store
from chalicelib.store.tables import STREAMED
from infra.deployment import Deployment, join
from infra.rights import READ, WRITE, Rights

STREAM: Final = "NEW_IMAGE"
NOWHERE: Final = "eu-central-1"
"""A region for classes that are looked at and never called."""


def rows(prefix: str) -> Sequence[type[Row]]:
    """
    Give every row class of the store and of the people, bound to their full table names.
    """
    settings = StoreSettings(prefix, NOWHERE)
    people = PersonalData(settings).database
    return [*Store(settings, next_step=lambda _: None).rows, people.bound(PersonRow), people.bound(PersonLookupRow)]


class Tables(Construct):  # type: ignore[misc]  # the types of the CDK are not followed
    """
    Every table, encrypted by our key, with point-in-time recovery and deletion protection; the outbox alone has a stream.
    """

    def __init__(self, scope: Construct, id_: str, *, deployment: Deployment, key: kms.IKey) -> None:
        super().__init__(scope, id_)
        self._key = key
        self._tables: dict[str, dynamodb.CfnTable] = {}
        for row in rows(deployment.table_prefix):
            name = str(row.Meta.table_name).removeprefix(deployment.table_prefix)
            self._tables[name] = self._table(name, row)

    @property
    def outbox_stream(self) -> str:
        """
        The stream that wakes the sweep.
        """
        return str(self._tables["outbox"].attr_stream_arn)

    @property
    def outbox(self) -> dynamodb.CfnTable:
        """
        The table of what must follow a commit.
        """
        return self._tables["outbox"]

    def grant(self, role: iam.IRole, rights: Rights) -> None:
        """
        Let a role read and write just its tables.
        """
        for actions, names in ((READ, rights.tables_read), (WRITE, rights.tables_written)):
            if names:
                resources = [resource for name in names for resource in self._resources(name, indexes=actions is READ)]
                role.add_to_principal_policy(iam.PolicyStatement(actions=list(actions), resources=resources))
        self._key.grant_encrypt_decrypt(role)

    def grant_stream(self, role: iam.IRole) -> None:
        """
        Let a role follow the outbox's stream.
        """
        actions = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
        role.add_to_principal_policy(iam.PolicyStatement(actions=actions, resources=[self.outbox_stream]))

    def _resources(self, name: str, *, indexes: bool) -> list[str]:
        table = self._tables[name]
        return [table.attr_arn, join(table.attr_arn, "/index/*")] if indexes and table.global_secondary_indexes else [table.attr_arn]

    def _table(self, name: str, row: type[Row]) -> dynamodb.CfnTable:
        # `Any`: PynamoDB's own reading of the class, the same that creates the local tables
        schema: Any = row._get_schema()  # noqa: SLF001
        expiry = cast("Any", row)._ttl_attribute()  # noqa: SLF001
        table = dynamodb.CfnTable(
            self,
            "".join(part.capitalize() for part in name.split("_")),
            table_name=row.Meta.table_name,
            billing_mode="PAY_PER_REQUEST",
            attribute_definitions=[
                dynamodb.CfnTable.AttributeDefinitionProperty(attribute_name=each["AttributeName"], attribute_type=each["AttributeType"])
                for each in sorted(schema["attribute_definitions"], key=lambda each: str(each["AttributeName"]))
            ],
            key_schema=_keys(schema["key_schema"]),
            global_secondary_indexes=[
                dynamodb.CfnTable.GlobalSecondaryIndexProperty(
                    index_name=index["index_name"],
                    key_schema=_keys(index["key_schema"]),
                    projection=dynamodb.CfnTable.ProjectionProperty(projection_type=index["projection"]["ProjectionType"]),
                )
                for index in schema["global_secondary_indexes"]
            ]
            or None,
            time_to_live_specification=expiry
            and dynamodb.CfnTable.TimeToLiveSpecificationProperty(attribute_name=expiry.attr_name, enabled=True),
            stream_specification=dynamodb.CfnTable.StreamSpecificationProperty(stream_view_type=STREAM)
            if issubclass(row, STREAMED)
            else None,
            point_in_time_recovery_specification=dynamodb.CfnTable.PointInTimeRecoverySpecificationProperty(
                point_in_time_recovery_enabled=True
            ),
            sse_specification=dynamodb.CfnTable.SSESpecificationProperty(
                sse_enabled=True, sse_type="KMS", kms_master_key_id=self._key.key_arn
            ),
            deletion_protection_enabled=True,
            tags=[CfnTag(key="holds", value="personal-data" if name.startswith("people") else "queue")],
        )
        table.apply_removal_policy(RemovalPolicy.RETAIN)
        return table


def _keys(schema: Sequence[dict[str, str]]) -> list[dynamodb.CfnTable.KeySchemaProperty]:
    # CloudFormation wants the hash key first; PynamoDB tells them in any order
    ordered = sorted(schema, key=lambda key: key["KeyType"] != "HASH")
    return [dynamodb.CfnTable.KeySchemaProperty(attribute_name=key["AttributeName"], key_type=key["KeyType"]) for key in ordered]
