"""
Photographs of passages in S3, by checkpoint and SHA-256, behind links of a minute; copies of what a case bears on lie beside them (§10, D31).

What is passed expires by the bucket's own rule, copies held for an open case do not, copies of a decided one by another rule
(Amazon S3, "Managing the lifecycle of objects": a rule picks by prefix, not by what is under dispute).
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError

from chalicelib.usecases.ports import NobodyThereError, Shot

T = TypeVar("T")
LINK_SECONDS = 60
UPLOAD_SECONDS = 300
TYPE = "image/jpeg"
PASSED: Final = "passages/"
HELD: Final = "held/"
DECIDED: Final = "decided/"
NOT_FOUND = 404
ITS_OWN_FAULT = 500


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
        return self._has(_key(PASSED, Shot(checkpoint, sha256)))

    def upload_link(self, *, checkpoint: str, sha256: str, size: int) -> str:
        """
        Sign an HTTP PUT of just this size and type.
        """
        key = _key(PASSED, Shot(checkpoint, sha256))
        parameters = {"Bucket": self._bucket, "Key": key, "ContentType": TYPE, "ContentLength": size}
        return str(self._client.generate_presigned_url("put_object", Params=parameters, ExpiresIn=UPLOAD_SECONDS))

    def link(self, *, checkpoint: str, sha256: str) -> str:
        """
        Sign an HTTP GET that lives a minute.
        """
        return self._signed(_key(PASSED, Shot(checkpoint, sha256)))

    def hold(self, *, case: str, shot: Shot) -> bool:
        """
        Copy a photograph to where nothing expires while the case is open; false where there is none to copy.
        """
        source, copy = _key(PASSED, shot), _key(f"{HELD}{case}/", shot)
        if self._has(copy) or self._has(_key(f"{DECIDED}{case}/", shot)):
            return True
        if not self._has(source):
            return False
        self._copy(source, copy)
        return True

    def release(self, *, case: str) -> None:
        """
        Leave a decided case's copies where they expire with its term.
        """
        for copy in self._keys(f"{HELD}{case}/"):
            self._copy(copy, DECIDED + copy.removeprefix(HELD))
            self._delete(copy)

    def copies(self, *, case: str) -> dict[Shot, str]:
        """
        Sign a link of a minute to each copy made for a case.
        """
        found = [key for prefix in (DECIDED, HELD) for key in self._keys(f"{prefix}{case}/")]
        return {_shot(key): self._signed(key) for key in found}

    def _signed(self, key: str) -> str:
        parameters = {"Bucket": self._bucket, "Key": key}
        return str(self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=LINK_SECONDS))

    def _has(self, key: str) -> bool:
        return self._ask(lambda: self._client.head_object(Bucket=self._bucket, Key=key)) is not None

    def _copy(self, source: str, key: str) -> None:
        self._ask(lambda: self._client.copy_object(Bucket=self._bucket, Key=key, CopySource={"Bucket": self._bucket, "Key": source}))

    def _delete(self, key: str) -> None:
        self._ask(lambda: self._client.delete_object(Bucket=self._bucket, Key=key))

    def _keys(self, prefix: str) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        found = self._ask(lambda: [item["Key"] for page in pages for item in page.get("Contents", ())])
        yield from found or ()

    def _ask(self, call: Callable[[], T]) -> T | None:
        """
        Ask S3: none where there is no such object. Raises `NobodyThereError` where it does not answer, or has a fault of its own.
        """
        try:
            return call()
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if status == NOT_FOUND:
                return None
            if status >= ITS_OWN_FAULT:
                raise NobodyThereError from error
            raise
        except (NoConnectionError, HTTPClientError) as error:
            raise NobodyThereError from error


def _key(prefix: str, shot: Shot) -> str:
    return f"{prefix}{shot.checkpoint}/{shot.sha256[:2]}/{shot.sha256}.jpg"


def _shot(key: str) -> Shot:
    *_, checkpoint, _, name = key.split("/")
    return Shot(checkpoint, name.removesuffix(".jpg"))
