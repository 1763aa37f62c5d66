"""Values as JSON and back, by the types their fields declare.

One pair of functions serves every message, so that a field added to a value travels without
anybody remembering it. Fields at their default are left out and fields nobody knows are passed
over: neighbouring versions understand each other as far as they can.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from typing import Any

from desktop.config.keychain import Secret

Decoder = Callable[[Any], Any]


class Garbled(ValueError):
    """What came is not a message of ours."""


def encode(value: object) -> Any:  # noqa: ANN401 - JSON is whatever JSON is
    """Return a value as JSON knows it. Secrets are revealed: only for a line that is not kept."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Secret):
        return value.reveal()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    if isinstance(value, tuple | list | frozenset):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    return value


def _fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    kind: Any = type(value)
    return {
        name: encode(content)
        for name, default in _defaults(kind)
        if (content := getattr(value, name)) is not default and content != default
    }


@cache
def _defaults(kind: Any) -> tuple[tuple[str, object], ...]:  # noqa: ANN401
    """Return the fields of a dataclass with their defaults; those that have none, with nothing."""
    return tuple((field.name, field.default) for field in dataclasses.fields(kind))


def decode(kind: Any, data: Any) -> Any:  # noqa: ANN401 - the type is data here
    """Return what ``encode`` made JSON of; raises Garbled when it is not of that type."""
    return _decoder(kind)(data)


@cache
def _decoder(kind: Any) -> Decoder:  # noqa: ANN401
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        return _optional(arguments)
    if origin in {tuple, frozenset, list}:
        return _many(origin, arguments)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(arguments[1])
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind)
    return _plain(kind)


def _optional(arguments: tuple[Any, ...]) -> Decoder:
    (kind,) = (argument for argument in arguments if argument is not types.NoneType)
    inner = _decoder(kind)
    return lambda data: None if data is None else inner(data)


def _many(origin: Callable[..., Any], arguments: tuple[Any, ...]) -> Decoder:
    if origin is tuple and Ellipsis not in arguments:
        each = [_decoder(argument) for argument in arguments]

        def fixed(data: Any) -> Any:  # noqa: ANN401
            _expect(isinstance(data, list) and len(data) == len(each), type(data).__name__)
            return tuple(inner(item) for inner, item in zip(each, data, strict=True))

        return fixed
    inner = _decoder(arguments[0])

    def several(data: Any) -> Any:  # noqa: ANN401
        _expect(isinstance(data, list), type(data).__name__)
        return origin(inner(item) for item in data)

    return several


def _mapping(kind: Any) -> Decoder:  # noqa: ANN401
    inner = _decoder(kind)

    def mapping(data: Any) -> dict[str, Any]:  # noqa: ANN401
        _expect(isinstance(data, dict), type(data).__name__)
        return {key: inner(item) for key, item in data.items()}

    return mapping


def _dataclass(kind: Any) -> Decoder:  # noqa: ANN401
    hints = typing.get_type_hints(kind)
    fields = {
        field.name: _decoder(hints[field.name]) for field in dataclasses.fields(kind) if field.init
    }

    def value(data: Any) -> Any:  # noqa: ANN401
        _expect(isinstance(data, dict), kind.__name__)
        known = {name: fields[name](item) for name, item in data.items() if name in fields}
        try:
            return kind(**known)
        except TypeError as error:
            raise Garbled(f"A {kind.__name__} lacks something: {error}") from None

    return value


def _plain(kind: Any) -> Decoder:  # noqa: ANN401
    if kind is types.NoneType or kind is None:
        return lambda data: _checked(data, data is None)
    if kind is float:
        return lambda data: float(_checked(data, _is(data, (int, float))))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _member(kind)
    if kind is Secret:
        return lambda data: Secret(_checked(data, isinstance(data, str)))
    return lambda data: _checked(data, _is(data, kind))


def _member(kind: type[Enum]) -> Decoder:
    def member(data: Any) -> Enum:  # noqa: ANN401
        try:
            return kind(data)
        except (ValueError, TypeError):
            raise Garbled(f"Not a {kind.__name__}") from None  # the error repeats the value

    return member


def _is(data: object, kind: Any) -> bool:  # noqa: ANN401
    """Tell whether data has a type; true and false are no numbers here."""
    return isinstance(data, kind) and (kind is bool or not isinstance(data, bool))


def _checked(data: Any, fits: bool) -> Any:  # noqa: ANN401, FBT001
    _expect(fits, type(data).__name__)
    return data


def _expect(fits: bool, what: str) -> None:  # noqa: FBT001
    """Raise Garbled unless it fits; ``what`` names a type: contents may be keys."""
    if not fits:
        raise Garbled(f"Not what was expected: {what}")
