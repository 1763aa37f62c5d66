"""Who signs: keys or a profile that can change under a client in use, and the time it signs with.

botocore keeps the credentials a client began with. Here they are one object that asks again, so
that a new sign-in or new keys count for the next request, and no transfer has to start anew.
"""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.auth import AUTH_TYPE_MAPS, SIGV4_TIMESTAMP, S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import NoCredentialsError
from botocore.session import Session
from typing_extensions import override

from desktop.cloud.credentials import AccessKeys
from desktop.cloud.errors import CloudFault
from desktop.domain.faults import Fault, FaultKind


class Identity(Credentials):
    """Credentials that can be replaced while clients use them."""

    def __init__(self, profile: str, keys: AccessKeys | None) -> None:
        """Sign as the profile, or with the keys where there is none; nothing is read yet."""
        self.method = "proofreel"
        self.account_id = None
        self._profile = profile
        self._lock = threading.Lock()
        self._keys = keys
        self._found: Credentials | None = None

    def replace(self, keys: AccessKeys | None) -> None:
        """Sign with other keys from now on; for a profile: read it again."""
        with self._lock:
            self._keys = keys
            self._found = None

    @override
    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Return what the next request is signed with; renews what has expired."""
        with self._lock:
            if self._found is None:
                self._found = self._find()
            found = self._found
        return found.get_frozen_credentials()

    def _find(self) -> Credentials:
        found = _of_profile(self._profile) if self._profile else _credentials(self._keys)
        if found is None:
            raise NoCredentialsError
        return found


def _of_profile(name: str) -> Credentials | None:
    """Let botocore find what a profile signs with, unless that asks for a code at a terminal."""
    session = Session(profile=name)
    if session.get_scoped_config().get("mfa_serial"):
        raise CloudFault(
            Fault(
                FaultKind.CREDENTIALS,
                f"The profile “{name}” wants a one-time code, which cannot be asked for here.",
                "Choose a profile with a sign-in (SSO or “aws login”) or with temporary keys.",
            )
        )
    return session.get_credentials()


def _credentials(keys: AccessKeys | None) -> Credentials | None:
    if keys is None:
        return None
    token = keys.token.reveal() if keys.token else None
    return Credentials(keys.key_id, keys.secret.reveal(), token)


class Clock:
    """This computer's time, corrected to that of a service."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> datetime:
        """Return the service's time, as far as it is known."""
        return datetime.now(UTC) + timedelta(seconds=self.offset)


SIGNER = "proofreel-s3v4"
"""Our signature version: that of S3, at the time of the ``Clock`` in a request's context."""


class _PunctualSigner(S3SigV4Auth):
    """S3's signature at another time than this computer's."""

    @override
    def _modify_request_before_signing(  # type: ignore[misc]  # not in the stubs
        self, request: AWSRequest
    ) -> None:
        clock: Clock = request.context["clock"]
        request.context["timestamp"] = clock.now().strftime(SIGV4_TIMESTAMP)
        super()._modify_request_before_signing(request)  # type: ignore[misc]


AUTH_TYPE_MAPS[SIGNER] = _PunctualSigner


def choose_signer(clock: Clock) -> Any:  # noqa: ANN401
    """Return a handler of botocore's ``choose-signer`` that lets the clock date signatures."""

    def choose(signature_version: str, context: dict[str, Any], **_: object) -> str | None:
        if signature_version not in {"s3v4", "v4"}:
            return None
        context["clock"] = clock
        return SIGNER

    return choose
