"""Names of the profiles that AWS's own tools have set up on this computer.

Read here and not by AWS's library: the window lists them without paying for its import. No key is
looked at.
"""

import configparser
import logging
import os
import shlex
from collections.abc import Iterator
from pathlib import Path

log = logging.getLogger(__name__)

DEFAULT = "default"


def profile_names() -> tuple[str, ...]:
    """Return every profile by name, ``default`` first; blocks on the disk."""
    config = _place("AWS_CONFIG_FILE", "config")
    keys = _place("AWS_SHARED_CREDENTIALS_FILE", "credentials")
    names = {name for section in _sections(config) if (name := _in_config(section))}
    names |= set(_sections(keys))
    return tuple(sorted(names, key=lambda name: (name != DEFAULT, name.casefold())))


def _place(variable: str, name: str) -> Path:
    return Path(os.environ.get(variable) or f"~/.aws/{name}").expanduser()


def _sections(path: Path) -> Iterator[str]:
    parser = configparser.RawConfigParser(strict=False, default_section="\0")
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except OSError:
        return
    except (UnicodeDecodeError, configparser.Error) as error:
        log.warning("%s cannot be read: %s", path, type(error).__name__)
        return
    yield from parser.sections()


def _in_config(section: str) -> str:
    """Return the profile a section of the config file describes; empty for other things."""
    try:
        words = shlex.split(section)
    except ValueError:
        return ""
    if words == [DEFAULT]:
        return DEFAULT
    return words[1] if len(words) == 2 and words[0] == "profile" else ""
