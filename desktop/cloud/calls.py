"""One bucket's requests: every call of the client goes through here.

Each is carried by a ``Line`` and asked once; what goes wrong comes out as ``CloudFault``, and as
``Cut`` when its line was cut.
"""

import base64
import hashlib
from typing import Any

from desktop.cloud.credentials import AccessKeys
from desktop.cloud.errors import CloudFault, Cut, fault_of
from desktop.cloud.line import Line
from desktop.cloud.sentences import Place
from desktop.cloud.session import Account
from desktop.cloud.values import ChecksumKind
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Destination, Encryption

Answer = dict[str, Any]

FIELDS = {
    ChecksumKind.CRC64NVME: "ChecksumCRC64NVME",
    ChecksumKind.CRC32: "ChecksumCRC32",
    ChecksumKind.MD5: "ContentMD5",
}
"""What botocore calls the checksum of a kind, in questions and answers."""

NONCE = "upload-nonce"
"""Name of the nonce in an object's metadata."""

_NEEDS_KEY = {
    "PutObject",
    "CreateMultipartUpload",
    "UploadPart",
    "ListParts",
    "CompleteMultipartUpload",
    "HeadObject",
    "GetObject",
}
"""Operations that ask for the customer's key where objects are encrypted with one."""

_READY_MADE = {"ListParts", "CompleteMultipartUpload"}
"""Operations for which botocore does not encode the customer's key itself."""

_CREATES = {"PutObject", "CreateMultipartUpload"}


class Calls:
    """The bucket of a destination, asked one request at a time."""

    def __init__(self, destination: Destination, keys: AccessKeys | None, connections: int) -> None:
        self.destination = destination
        self.account = Account(destination, keys, connections)
        self._keys = keys

    def use_keys(self, keys: AccessKeys | None) -> None:
        """Sign, and encrypt where that is asked, with other keys from the next request on."""
        self._keys = keys
        self.account.use_keys(keys)

    def __call__(
        self,
        operation: str,
        line: Line | None = None,
        **parameters: Any,  # noqa: ANN401
    ) -> Answer:
        """Ask; ``operation`` is AWS's name. Raises CloudFault or Cut."""
        line = line or Line()
        with line.carrying():
            return self.within(line, operation, **parameters)

    def within(self, line: Line, operation: str, **parameters: Any) -> Answer:  # noqa: ANN401
        """Ask on a line that is carrying already: what streams is read on the same one."""
        place = self.place(operation, str(parameters.get("Key", "")))
        client = self.account.client()
        ask = getattr(client, _METHODS[operation])
        parameters |= self._encryption(operation)
        try:
            answer: Answer = ask(Bucket=self.destination.bucket, **parameters)
        except Exception as error:
            if line.is_cut:
                raise Cut from error
            raise CloudFault(fault_of(error, place)) from error
        return answer

    def place(self, operation: str, key: str = "") -> Place:
        """Return where something was asked, for the words of a fault."""
        return Place(self.destination, operation, key)

    def _encryption(self, operation: str) -> dict[str, Any]:
        """Return what an operation has to say of encryption."""
        match self.destination.encryption:
            case Encryption.CUSTOMER if operation in _NEEDS_KEY:
                return self._customer(operation)
            case Encryption.S3 if operation in _CREATES:
                return {"ServerSideEncryption": "AES256"}
            case Encryption.KMS if operation in _CREATES:
                named = {"SSEKMSKeyId": self.destination.kms_key_id}
                return {"ServerSideEncryption": "aws:kms"} | (named if named["SSEKMSKeyId"] else {})
        return {}

    def _customer(self, operation: str) -> dict[str, Any]:
        """Return the customer's key, as botocore wants it for an operation."""
        key = self._customer_key()
        named: dict[str, Any] = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": key}
        if operation in _READY_MADE:
            digest = hashlib.md5(key, usedforsecurity=False).digest()
            named["SSECustomerKey"] = base64.b64encode(key).decode()
            named["SSECustomerKeyMD5"] = base64.b64encode(digest).decode()
        return named

    def _customer_key(self) -> bytes:
        """Return the 32 bytes that objects are encrypted with."""
        secret = self._keys.customer_key if self._keys else None
        try:
            key = base64.b64decode(secret.reveal() if secret else "", validate=True)
        except ValueError:
            key = b""
        if len(key) == 32:
            return key
        name = self.destination.name
        raise CloudFault(
            Fault(
                FaultKind.CREDENTIALS,
                f"There is no key of 32 bytes to encrypt with for “{name}”.",
                "Enter it, in base64, in the destination's settings.",
            )
        )


_METHODS = {
    "PutObject": "put_object",
    "CreateMultipartUpload": "create_multipart_upload",
    "UploadPart": "upload_part",
    "ListParts": "list_parts",
    "ListMultipartUploads": "list_multipart_uploads",
    "CompleteMultipartUpload": "complete_multipart_upload",
    "AbortMultipartUpload": "abort_multipart_upload",
    "HeadObject": "head_object",
    "HeadBucket": "head_bucket",
    "GetObject": "get_object",
    "DeleteObject": "delete_object",
    "GetBucketLifecycleConfiguration": "get_bucket_lifecycle_configuration",
}
