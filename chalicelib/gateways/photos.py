"""
Photographs of passages in S3, by checkpoint and SHA-256, behind links of a minute.
"""

from typing import Any

from botocore.exceptions import ClientError

LINK_SECONDS = 60
UPLOAD_SECONDS = 300
TYPE = "image/jpeg"


class S3Photos:
    """
    The `Photos` port over one bucket.
    """

    def __init__(self, *, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def has(self, *, checkpoint: str, sha256: str) -> bool:
        """
        Tell whether the photograph is kept.
        """
        try:
            self._client.head_object(Bucket=self._bucket, Key=_key(checkpoint, sha256))
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == NOT_FOUND:
                return False
            raise
        return True

    def upload_link(self, *, checkpoint: str, sha256: str, size: int) -> str:
        """
        Sign an HTTP PUT of just this size and type.
        """
        parameters = {"Bucket": self._bucket, "Key": _key(checkpoint, sha256), "ContentType": TYPE, "ContentLength": size}
        return str(self._client.generate_presigned_url("put_object", Params=parameters, ExpiresIn=UPLOAD_SECONDS))

    def link(self, *, checkpoint: str, sha256: str) -> str:
        """
        Sign an HTTP GET that lives a minute.
        """
        parameters = {"Bucket": self._bucket, "Key": _key(checkpoint, sha256)}
        return str(self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=LINK_SECONDS))


NOT_FOUND = 404


def _key(checkpoint: str, sha256: str) -> str:
    return f"{checkpoint}/{sha256[:2]}/{sha256}.jpg"
