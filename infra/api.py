"""
The API: Chalice's own description of its routes, memory and timeout, around the Lambda that Chalice packaged.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra import rights
from infra.deployment import Deployment, join
from infra.functions import LOGS_KEPT, Surroundings
from infra.gateway_responses import gateway_responses

HANDLER: Final = "APIHandler"
"""The function's name in Chalice's template, which its routes refer to."""
STAGE: Final = "api"
BURST: Final = 400
RATE_PER_SECOND: Final = 200
ANY: Final = "x-amazon-apigateway-any-method"
RESPONSES: Final = "x-amazon-apigateway-gateway-responses"


class Api(Construct):  # type: ignore[misc]  # the types of the CDK are not followed
    """
    REST API, its stage and its function. Unknown paths and whatever API Gateway answers by itself are problems too.
    """

    def __init__(self, scope: Construct, id_: str, *, around: Surroundings) -> None:
        super().__init__(scope, id_)
        template = json.loads(around.package.template.read_text())["Resources"]
        described = template[HANDLER]["Properties"]
        self.function = around.function(
            self,
            "Handler",
            handler=described["Handler"],
            memory=described["MemorySize"],
            seconds=described["Timeout"],
            rights=rights.API,
        )
        made: Any = self.function.node.default_child
        made.override_logical_id(HANDLER)
        self.rest = self._rest(template["RestAPI"]["Properties"], around.deployment)
        self.stage = self._stage()
        source = Stack.of(self).format_arn(service="execute-api", resource=self.rest.ref, resource_name="*")
        self.function.add_permission("FromGateway", principal=iam.ServicePrincipal("apigateway.amazonaws.com"), source_arn=source)
        CfnOutput(self, "RestApiId", value=self.rest.ref).override_logical_id("RestApiId")

    def _rest(self, described: Mapping[str, Any], deployment: Deployment) -> apigateway.CfnRestApi:
        body = described["DefinitionBody"]
        refuse_other_methods(body["paths"])
        body[RESPONSES] = gateway_responses()  # as resources of their own they would be lost whenever the description is imported anew
        return apigateway.CfnRestApi(
            self,
            "Rest",
            name=f"queue-{deployment.stage}",
            body=body,
            binary_media_types=body["x-amazon-apigateway-binary-media-types"],
            minimum_compression_size=described["MinimumCompressionSize"],
            endpoint_configuration=apigateway.CfnRestApi.EndpointConfigurationProperty(types=["REGIONAL"]),
        )

    def _stage(self) -> apigateway.CfnStage:
        # a deployment is a snapshot: another description must be another deployment
        digest = hashlib.sha256(json.dumps(Stack.of(self).resolve(self.rest.body), sort_keys=True).encode()).hexdigest()
        snapshot = apigateway.CfnDeployment(self, f"Deployment{digest[:12]}", rest_api_id=self.rest.ref)
        access = logs.LogGroup(self, "AccessLogs", retention=LOGS_KEPT)
        return apigateway.CfnStage(
            self,
            "Stage",
            rest_api_id=self.rest.ref,
            deployment_id=snapshot.ref,
            stage_name=STAGE,
            access_log_setting=apigateway.CfnStage.AccessLogSettingProperty(
                destination_arn=join(access.log_group_arn), format=json.dumps(ACCESS_LOG)
            ),
            method_settings=[
                apigateway.CfnStage.MethodSettingProperty(
                    resource_path="/*",
                    http_method="*",
                    throttling_burst_limit=BURST,
                    throttling_rate_limit=RATE_PER_SECOND,
                    metrics_enabled=True,
                    logging_level="OFF",
                )
            ],
        )


ACCESS_LOG: Final = {
    "request_id": "$context.requestId",
    "operation": "$context.httpMethod $context.resourcePath",
    "status": "$context.status",
    "duration_ms": "$context.responseLatency",
    "size": "$context.responseLength",
}
"""The route, never the path as it was sent: no address of a person's thing and no query stays in a log."""


def refuse_other_methods(paths: dict[str, Any]) -> None:
    """
    Let the function answer a method that a path does not have (405): API Gateway alone would call the path unknown.
    """
    for methods in paths.values():
        proxy = next(described for name, described in methods.items() if name != "options")
        methods[ANY] = {name: part for name, part in proxy.items() if name != "parameters" or part}
