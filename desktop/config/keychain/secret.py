"""A secret and its name. The value leaves only through ``reveal``, called where it is used."""

import hmac
import re
from dataclasses import dataclass
from typing import NoReturn, Self, SupportsIndex

from typing_extensions import override

from desktop.config.redaction import hide
from desktop.domain.errors import InvalidInput

MASK = "Secret(…)"

PART = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class Secret:
    """A value that no text, trace, pickle or log shows.

    From the moment it exists the redaction of logs and reports knows its value.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value
        hide(value)

    def reveal(self) -> str:
        """Return the value; only for the call that needs it, never for keeping."""
        return self.__value

    @override
    def __repr__(self) -> str:
        return MASK

    @override
    def __str__(self) -> str:
        return MASK

    @override
    def __format__(self, spec: str, /) -> str:
        return MASK

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.__value.encode(), other.reveal().encode())

    @override
    def __hash__(self) -> int:
        return hash((Secret, self.__value))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    @override
    def __reduce_ex__(self, _protocol: SupportsIndex, /) -> NoReturn:
        raise TypeError("A secret is not pickled: hand its value over where it is needed")

    @override
    def __getstate__(self) -> NoReturn:
        raise TypeError("A secret has no state to take along")


@dataclass(frozen=True, slots=True, order=True)
class SecretName:
    """Whose secret it is and which: ``aws:secret-key``, ``openai:api-key``."""

    provider: str
    field: str

    def __post_init__(self) -> None:
        for part in (self.provider, self.field):
            if not PART.fullmatch(part):
                raise InvalidInput(
                    f"“{part}” cannot name a secret",
                    remedy="Use small letters, digits, dashes and underscores.",
                )

    @override
    def __str__(self) -> str:
        return f"{self.provider}:{self.field}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the name written as ``provider:field``; raises InvalidInput for anything else."""
        provider, colon, field = text.partition(":")
        if not colon:
            raise InvalidInput(
                f"“{text}” does not name a secret",
                remedy="Names are written provider:field, as in aws:secret-key.",
            )
        return cls(provider, field)
