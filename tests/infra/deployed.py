"""
Deploys a synthesized cloud assembly into a MiniStack, as `cdk deploy` does into AWS: assets and template to the bootstrap bucket, then a stack.
"""

import json
import time

import boto3

from local.ministack import account

BUCKET = f"cdk-hnb659fds-assets-{account.ACCOUNT}-{account.REGION}"
BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
SECONDS = 240
ONLY_TLS = ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy")
RESPONSES = "x-amazon-apigateway-gateway-responses"


class UnableToDeployError(Exception):
    """
    The stack did not come up; the message is its events.
    """


class Cloud:
    """
    One MiniStack into which stacks are deployed.
    """

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def client(self, service):
        """
        A boto3 client of it.
        """
        return account.client(service, endpoint=self.endpoint)

    def client_as(self, role, service):
        """
        A boto3 client with a role's rights alone.
        """
        given = self.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name=account.REGION)
        return session.client(service, endpoint_url=self.endpoint)

    def invoke(self, handler, event):
        """
        Run the function of a handler: what it returns.
        """
        answer = self.client("lambda").invoke(FunctionName=self._function(handler)["FunctionName"], Payload=json.dumps(event))
        returned = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, returned
        return returned

    def role_of(self, handler):
        """
        The role of a handler's function.
        """
        return self._function(handler)["Role"]

    def _function(self, handler):
        pages = self.client("lambda").get_paginator("list_functions").paginate()
        return next(each for each in pages.search("Functions") if each["Handler"] == handler)

    def bootstrap(self):
        """
        Make what `cdk bootstrap` makes.
        """
        self.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": account.REGION})
        self.keep({BOOTSTRAP: "21"})

    def keep(self, parameters):
        """
        Write values into Parameter Store.
        """
        for name, value in parameters.items():
            self.client("ssm").put_parameter(Name=name, Value=value, Type="String", Overwrite=True)

    def deploy(self, template):
        """
        Upload the assembly's assets and create its stack: the stack's outputs.
        """
        name = template.name.removesuffix(".template.json")
        self._upload(template.with_name(f"{name}.assets.json"))
        formation = self.client("cloudformation")
        url = f"{self.endpoint}/{BUCKET}/{template.name}"
        self.client("s3").put_object(Bucket=BUCKET, Key=template.name, Body=json.dumps(spoken_plainly(template)).encode())
        formation.create_stack(StackName=name, TemplateURL=url, Capabilities=["CAPABILITY_IAM"])
        return self._wait(formation, name)

    def answer_as_described(self, template, api):
        """
        Lay the gateway responses that the API's description holds: MiniStack's import of a description leaves this extension out.
        """
        (rest,) = [made for made in json.loads(template.read_text())["Resources"].values() if made["Type"] == "AWS::ApiGateway::RestApi"]
        for kind, answer in rest["Properties"]["Body"][RESPONSES].items():
            self.client("apigateway").put_gateway_response(restApiId=api, responseType=kind, **answer)
        self.client("apigateway").create_deployment(restApiId=api, stageName="api")

    def _upload(self, manifest):
        for asset in json.loads(manifest.read_text())["files"].values():
            path = manifest.parent / asset["source"]["path"]
            for destination in asset["destinations"].values():
                self.client("s3").put_object(Bucket=BUCKET, Key=destination["objectKey"], Body=path.read_bytes())

    def _wait(self, formation, name):
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            stack = formation.describe_stacks(StackName=name)["Stacks"][0]
            if stack["StackStatus"] == "CREATE_COMPLETE":
                return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
            if stack["StackStatus"] != "CREATE_IN_PROGRESS":
                break
            time.sleep(0.5)
        events = formation.describe_stack_events(StackName=name)["StackEvents"]
        failed = [
            f"{each['LogicalResourceId']}: {each.get('ResourceStatusReason')}" for each in events if "FAILED" in each["ResourceStatus"]
        ]
        raise UnableToDeployError(f"{stack['StackStatus']}: {failed}")


def spoken_plainly(template):
    """
    Leave out the policies that demand TLS: MiniStack heeds them, and speaks plain HTTP on loopback.
    """
    document = json.loads(template.read_text())
    document["Resources"] = {name: made for name, made in document["Resources"].items() if made["Type"] not in ONLY_TLS}
    return document
