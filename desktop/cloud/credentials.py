"""Access keys on their way from the keychain to a client; importing this loads no AWS library."""

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
