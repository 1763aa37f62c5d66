"""The secrets of one library in the keyring; what is too long for it, sealed in files beside.

A sealed file has a key of its own, which is in the keyring together with the number of the file. A
new value gets a new file: the old one stays until the keyring names the new one, so that a save
that is cut short loses nothing.
"""

import base64
import json
import secrets
from pathlib import Path
from typing import Any

from desktop.config.keychain.kept import Place
from desktop.config.keychain.records import stem
from desktop.config.keychain.sealing import (
    new_key,
    read_private,
    remove_private,
    seal,
    unseal,
    write_private,
)
from desktop.config.keychain.secret import SecretName
from desktop.config.keychain.system import MOST_CHARACTERS, SystemKeyring
from desktop.domain.errors import Unavailable

SERVICE = "proofreel"


class KeyringItems:
    """Writes, reads and deletes values by their names; every method may block for long."""

    def __init__(self, folder: Path, keyring: SystemKeyring) -> None:
        self._folder = folder
        self._keyring = keyring
        self.keyring_name = keyring.name

    def check(self, *, thorough: bool = False) -> None:
        """Raise Unavailable when there is no keyring, or it does not work when tried out."""
        self._keyring.check()
        if thorough:
            self._keyring.try_out(f"{SERVICE}/test")

    def write(self, name: SecretName, value: str) -> Place:
        """Keep a value and tell where; raises Unavailable, and the value before is still there."""
        item = json.dumps({"value": value})
        if len(item) <= MOST_CHARACTERS:
            self._keyring.write(self._service(), str(name), item)
            self.remove_files(name)
            return Place.KEYRING
        self._keyring.check()
        self._write_sealed(name, value)
        return Place.SEALED

    def _write_sealed(self, name: SecretName, value: str) -> None:
        key, number = new_key(), secrets.token_hex(4)
        file = self._file(name, number)
        write_private(file, seal(key, value, self.bound(name)))
        item = json.dumps({"key": base64.b64encode(key).decode("ascii"), "file": number})
        try:
            self._keyring.write(self._service(), str(name), item)
        except Unavailable:
            remove_private(file)
            raise
        self.remove_files(name, all_but=file)

    def read(self, name: SecretName) -> str | None:
        """Return a value; None when there is none or its file was changed. Raises Unavailable."""
        if not self._workspace():
            return None
        text = self._keyring.read(self._service(), str(name))
        item = _parsed(text or "")
        if "value" in item:
            return str(item["value"])
        if "key" not in item:
            return None
        data = read_private(self._file(name, str(item.get("file", ""))))
        return None if data is None else unseal(_key(item), data, self.bound(name))

    def delete(self, name: SecretName) -> None:
        """Delete a value that may be gone already; raises Unavailable."""
        if self._workspace():
            self._keyring.delete(self._service(), str(name))

    def remove_files(self, name: SecretName, *, all_but: Path | None = None) -> None:
        """Remove the sealed files of a secret; raises Unavailable."""
        for path in self._folder.glob(f"{stem(name)}.*.sealed"):
            if path != all_but:
                remove_private(path)

    def bound(self, name: SecretName) -> str:
        """Return the full name of a secret, which its encrypted forms are bound to."""
        return f"{self._service()}/{name}"

    def _service(self) -> str:
        """Return the name of this library in keyrings: others have secrets of the same names."""
        known = self._workspace()
        if not known:
            known = secrets.token_hex(8)
            write_private(self._folder / "workspace", known.encode("ascii"))
        return f"{SERVICE}/{known}"

    def _workspace(self) -> str:
        """Return the id of this library; empty before it has kept anything."""
        return (read_private(self._folder / "workspace") or b"").decode("ascii", "replace").strip()

    def _file(self, name: SecretName, number: str) -> Path:
        return self._folder / f"{stem(name)}.{number}.sealed"


def _key(item: dict[str, Any]) -> bytes:
    try:
        return base64.b64decode(str(item["key"]))
    except ValueError:
        return b""


def _parsed(text: str) -> dict[str, Any]:
    try:
        item = json.loads(text)
    except ValueError:
        return {}
    return item if isinstance(item, dict) else {}
