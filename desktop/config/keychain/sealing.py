"""Files that only their owner may read, and the encryption of what is in them."""

import contextlib
import os
import secrets
from pathlib import Path

from desktop.domain.errors import Unavailable

KEY_BYTES = 32
NONCE_BYTES = 12
MARK = b"proofreel-sealed-1\n"
"""How a sealed file begins; a part of what is authenticated."""


def new_key() -> bytes:
    """Return a random key for ``seal``."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, text: str, bound_to: str) -> bytes:
    """Encrypt ``text`` (AES-256-GCM); it opens only under the name it is ``bound_to``."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - slow to load

    nonce = secrets.token_bytes(NONCE_BYTES)
    return MARK + nonce + AESGCM(key).encrypt(nonce, text.encode("utf-8"), MARK + bound_to.encode())


def unseal(key: bytes, data: bytes, bound_to: str) -> str | None:
    """Return the text; None when the key is another, or the data or its name was changed."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - slow to load
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - slow to load

    nonce, sealed = data[len(MARK) :][:NONCE_BYTES], data[len(MARK) + NONCE_BYTES :]
    if not data.startswith(MARK) or len(nonce) < NONCE_BYTES:
        return None
    try:
        return AESGCM(key).decrypt(nonce, sealed, MARK + bound_to.encode()).decode("utf-8")
    except (InvalidTag, ValueError):  # ValueError: no key, or no text
        return None


def write_private(path: Path, data: bytes) -> None:
    """Write a file atomically that only its owner may read; raises Unavailable."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # else a power cut can leave an empty file under the name
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise _not_kept(path, error) from error


def remove_private(path: Path) -> None:
    """Delete a file that may be gone already; raises Unavailable."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise _not_kept(path, error) from error


def read_private(path: Path) -> bytes | None:
    """Return the content of a file; None when there is none. Raises Unavailable."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _not_kept(path, error) from error


def _not_kept(path: Path, error: OSError) -> Unavailable:
    return Unavailable(
        "The folder for secrets cannot be used",
        f"{path}: {error.strerror or error}.",
        "Check that the folder is yours and writable, and the disk is not full.",
    )
