"""What tests of the local S3 do over and over."""

from collections.abc import Iterable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.s3 import digests


def checksum(kind: str, data: bytes) -> str:
    """Return a checksum as headers have it."""
    running = digests.start(kind)
    running.update(memoryview(data))
    return digests.text(running.digest())


def begin(client: Any, key: str = "film", **values: Any) -> dict[str, Any]:
    """Begin an upload; return what later calls are told about it."""
    created = client.create_multipart_upload(Bucket="films", Key=key, **values)
    return {"Bucket": "films", "Key": key, "UploadId": created["UploadId"]}


def send(client: Any, upload: dict[str, Any], number: int, data: bytes, **values: Any) -> Any:
    """Send a part; return it as a completion names it."""
    sent = client.upload_part(**upload, PartNumber=number, Body=data, **values)
    checksums = {name: value for name, value in sent.items() if name.startswith("Checksum")}
    return {"PartNumber": number, "ETag": sent["ETag"], **checksums}


def complete(client: Any, upload: dict[str, Any], parts: Iterable[Any], **values: Any) -> Any:
    """Complete an upload."""
    return client.complete_multipart_upload(
        **upload, MultipartUpload={"Parts": list(parts)}, **values
    )


class Refusal:
    """What a refused request was told."""

    code: str
    status: int
    error: dict[str, Any]
    headers: dict[str, str]

    def __init__(self) -> None:
        self._raises = pytest.raises(ClientError)

    def __enter__(self) -> "Refusal":
        self._caught = self._raises.__enter__()
        return self

    def __exit__(self, *about: Any) -> bool:
        swallowed = bool(self._raises.__exit__(*about))
        if swallowed:
            answer = self._caught.value.response
            self.error = dict(answer["Error"])
            self.code = self.error["Code"]
            self.status = answer["ResponseMetadata"]["HTTPStatusCode"]
            self.headers = answer["ResponseMetadata"]["HTTPHeaders"]
        return swallowed
