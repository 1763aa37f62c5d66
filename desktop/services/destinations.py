"""Where things may go: destinations, the keys that open them, and the AWS profiles there are."""

import asyncio
import ipaddress
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from desktop.cloud.credentials import AccessKeys, keys_of
from desktop.config.aws_profiles import profile_names
from desktop.config.destinations import DestinationFiles, KeptDestination
from desktop.config.keychain import Place, Secret, SecretInfo, SecretName
from desktop.domain.errors import InvalidInput, NotFound, Unavailable
from desktop.domain.transfers import Destination, Encryption
from desktop.services.secrets import SecretService

KEY_ID, SECRET_KEY, TOKEN, CUSTOMER_KEY = "key-id", "secret-key", "session-token", "customer-key"

FIELDS = {
    KEY_ID: "Access key id",
    SECRET_KEY: "Secret key",
    TOKEN: "Session token",
    CUSTOMER_KEY: "Encryption key",
}


@dataclass(frozen=True, slots=True)
class Known:
    """Everything known about destinations at one moment; compares equal while nothing changed."""

    kept: tuple[KeptDestination, ...] = ()
    secrets: tuple[SecretInfo, ...] = ()
    """Those of destinations, without their values."""

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """The destinations by name."""
        return tuple(one.destination for one in self.kept)

    def of(self, destination_id: str) -> tuple[SecretInfo, ...]:
        """Return which secrets a destination has."""
        owner = _owner(destination_id)
        return tuple(info for info in self.secrets if info.name.provider == owner)


class Destinations:
    """Keeps destinations in files and their keys in the keychain."""

    def __init__(
        self,
        files: DestinationFiles,
        secrets: SecretService,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """Keys in the ``environment`` sign in where neither a profile nor kept keys do."""
        self._files = files
        self._secrets = secrets
        self._environment = environment

    async def known(self) -> Known:
        """Return all destinations as they are now, whoever changed them; asks no keyring."""
        kept = await asyncio.to_thread(self._files.all)
        owners = {_owner(one.destination.id) for one in kept}
        infos = tuple(info for info in await self._secrets.all() if info.name.provider in owners)
        return Known(kept, infos)

    async def get(self, destination_id: str) -> Destination:
        """Return one destination; raises NotFound."""
        for kept in await asyncio.to_thread(self._files.all):
            if kept.destination.id == destination_id:
                return kept.destination
        raise NotFound(
            "This destination does not exist any more",
            remedy="Choose another one, or add it again.",
        )

    async def save(self, destination: Destination, keys: AccessKeys | None) -> Destination:
        """Add or change a destination; ``keys`` replace those it had, None leaves them.

        Raises InvalidInput, and Unavailable when the file cannot be written.
        """
        wanted = checked(destination)
        rates = {one.destination.id: one.rate_limit for one in await self._kept()}
        await asyncio.to_thread(self._files.put, KeptDestination(wanted, rates.get(wanted.id, 0)))
        if wanted.profile:
            await self._forget(wanted.id, (KEY_ID, SECRET_KEY, TOKEN))
        if wanted.encryption is not Encryption.CUSTOMER:
            await self._forget(wanted.id, (CUSTOMER_KEY,))
        if keys is not None:
            await self._keep(wanted, keys)
        return wanted

    async def _kept(self) -> tuple[KeptDestination, ...]:
        return await asyncio.to_thread(self._files.all)

    async def _keep(self, destination: Destination, keys: AccessKeys) -> None:
        values = {CUSTOMER_KEY: keys.customer_key}
        if not destination.profile and keys.key_id:
            values |= {KEY_ID: Secret(keys.key_id), SECRET_KEY: keys.secret, TOKEN: keys.token}
        for field, value in values.items():
            name = secret_name(destination.id, field)
            if value is not None:
                await self._secrets.save(name, value, f"{FIELDS[field]} of {destination.name}")
            elif field == TOKEN:
                await self._forget(destination.id, (TOKEN,))  # belongs to the keys before

    async def remove(self, destination_id: str) -> None:
        """Remove a destination and its keys; what lies in the bucket stays there."""
        await self._forget(destination_id, tuple(FIELDS))
        await asyncio.to_thread(self._files.remove, destination_id)

    async def _forget(self, destination_id: str, fields: Sequence[str]) -> None:
        existing = {info.name for info in await self._secrets.all()}
        for field in fields:
            name = secret_name(destination_id, field)
            if name in existing:
                await self._secrets.delete(name)

    async def limit(self, rates: Mapping[str, int]) -> None:
        """Limit destinations to so many bytes per second; those not named have no limit."""
        for kept in await self._kept():
            rate = rates.get(kept.destination.id, 0)
            if rate != kept.rate_limit:
                await asyncio.to_thread(self._files.put, replace(kept, rate_limit=rate))

    async def keys(self, known: Known) -> tuple[dict[str, AccessKeys], dict[str, Unavailable]]:
        """Return the keys of destinations, and why those of others cannot be read now.

        May wait for a person whom the keyring asks for its password.
        """
        keys: dict[str, AccessKeys] = {}
        troubles: dict[str, Unavailable] = {}
        for destination in known.destinations:
            try:
                found = await self._read(destination, known)
            except Unavailable as error:
                troubles[destination.id] = error
                continue
            if found is not None:
                keys[destination.id] = found
        return keys, troubles

    async def _read(self, destination: Destination, known: Known) -> AccessKeys | None:
        values: dict[str, Secret] = {}
        for info in known.of(destination.id):
            if (value := await self._secrets.read(info.name)) is not None:
                values[info.name.field] = value
        lent = None
        if not destination.profile and KEY_ID not in values:
            lent = keys_of(self._environment)
        if lent is not None:
            return replace(lent, customer_key=values.get(CUSTOMER_KEY))
        if not values:
            return None
        return AccessKeys(
            values[KEY_ID].reveal() if KEY_ID in values else "",
            values.get(SECRET_KEY, Secret("")),
            values.get(TOKEN),
            values.get(CUSTOMER_KEY),
        )

    async def signing(self) -> dict[str, str]:
        """Return in words what signs in at each destination, by its id."""
        known, lent = await self.known(), keys_of(self._environment) is not None
        return {one.id: _signing(one, known.of(one.id), lent=lent) for one in known.destinations}

    async def profiles(self) -> tuple[str, ...]:
        """Return the names of AWS profiles on this computer, ``default`` first."""
        return await asyncio.to_thread(profile_names)


def secret_name(destination_id: str, field: str) -> SecretName:
    """Return the name under which the keychain has a key of a destination."""
    return SecretName(_owner(destination_id), field)


def _owner(destination_id: str) -> str:
    return f"destination-{destination_id.lower()}"


def checked(destination: Destination) -> Destination:
    """Return a destination in its usual form; raises InvalidInput for what cannot work."""
    bucket = destination.bucket.strip()
    if not bucket or "/" in bucket or any(letter.isspace() for letter in bucket):
        raise InvalidInput(
            f"“{destination.bucket}” is not the name of a bucket",
            remedy="Give its name alone, such as my-videos; folders go into the prefix.",
        )
    prefix = destination.prefix.strip().lstrip("/")
    return replace(
        destination,
        name=destination.name.strip() or bucket,
        bucket=bucket,
        prefix=f"{prefix}/" if prefix and not prefix.endswith("/") else prefix,
        endpoint_url=_address(destination.endpoint_url.strip()),
    )


def _address(url: str) -> str:
    """Return an address without a slash at its end; raises InvalidInput for what is none."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
        parts = urlsplit("")
    if not sound or parts.query or parts.fragment:
        raise InvalidInput(
            "The address of the service cannot be used",
            remedy="Addresses look like https://s3.example.org or http://localhost:9000.",
        )
    if parts.username or parts.password:
        raise InvalidInput(
            "The address must not hold keys",
            "It is kept in a file that is no secret.",
            "Leave out what stands before the @ and enter the keys by themselves.",
        )
    return url.rstrip("/")


_SIGNING = {
    Place.KEYRING: "keys in the keyring",
    Place.SEALED: "keys in the keyring",
    Place.PASSPHRASE: "keys behind the passphrase",
    Place.MEMORY: "keys in memory only",
}


def _signing(destination: Destination, secrets: Sequence[SecretInfo], *, lent: bool) -> str:
    if destination.profile:
        return f"profile {destination.profile}"
    for info in secrets:
        if info.name.field == SECRET_KEY:
            return _SIGNING[info.place]
    return "keys of the environment" if lent else "no keys kept here"


TO_KEEP = (
    "To keep them, start a keyring, or choose a passphrase (Settings > Secrets, or "
    "proofreel secrets passphrase) and enter them again. "
    "Without either, sign in with an AWS profile, or set AWS_ACCESS_KEY_ID and "
    "AWS_SECRET_ACCESS_KEY for each command."
)
"""What to do where no keyring takes keys."""


def weaknesses(destination: Destination, secrets: Sequence[SecretInfo]) -> tuple[str, ...]:
    """Return sentences about what a person should know before relying on a destination."""
    found = []
    parts = urlsplit(destination.endpoint_url)
    if parts.scheme == "http" and not _is_near(parts.hostname or ""):
        found.append(
            "The address begins with http: everything can be read on its way. Use https if the "
            "service has it."
        )
    if any(info.place is Place.MEMORY for info in secrets):
        found.append(
            "Its keys are only in memory, because no keyring takes them: they are gone when "
            f"Proofreel and its transfers have ended. {TO_KEEP}"
        )
    return tuple(found)


def _is_near(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
