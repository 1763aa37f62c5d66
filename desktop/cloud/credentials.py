"""Access keys on their way from the keychain to a client; importing this loads no AWS library."""

from collections.abc import Mapping
from dataclasses import dataclass

from desktop.config.keychain import Secret


@dataclass(frozen=True, slots=True)
class AccessKeys:
    """Static or temporary keys of one account."""

    key_id: str
    secret: Secret
    token: Secret | None = None
    """Session token of temporary keys."""
    customer_key: Secret | None = None
    """Base64 of the 32 bytes that objects are encrypted with (SSE-C), where a destination asks."""


ENVIRONMENT = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
"""Variables that AWS's own tools take keys from."""


def keys_of(environment: Mapping[str, str]) -> AccessKeys | None:
    """Return the keys that variables hold; None unless both parts are there."""
    key_id, secret, token = (environment.get(name, "").strip() for name in ENVIRONMENT)
    if not key_id or not secret:
        return None
    return AccessKeys(key_id, Secret(secret), Secret(token) if token else None)
