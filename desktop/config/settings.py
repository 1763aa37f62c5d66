"""What the person has chosen: one frozen tree, kept as TOML.

Each option is declared once, here, with its label and help; the settings page is made from these
declarations. A file that cannot be read is set aside and defaults are used, never lost.
"""

import contextlib
import dataclasses
import logging
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import tomli_w

from desktop.domain.errors import Unavailable

log = logging.getLogger(__name__)

LEAST_MEMORY_MB = 512
"""Manim itself needs a third of it."""

T = TypeVar("T")


def option(
    default: T,
    label: str,
    text: str = "",
    *,
    limits: tuple[float, float] | None = None,
    choices: tuple[str, ...] = (),
    hidden: bool = False,
) -> T:
    """Declare one setting: default, label, help text, and lowest and highest value or choices."""
    declared: T = field(
        default=default,
        metadata={
            "label": label,
            "help": text,
            "limits": limits,
            "choices": choices,
            "hidden": hidden,
        },
    )
    return declared


@dataclass(frozen=True, slots=True)
class AppearanceSettings:
    """How the window looks."""

    theme: str = option(
        "system",
        "Theme",
        "Light, dark, or whatever the system uses.",
        choices=("system", "light", "dark"),
    )
    reduce_motion: bool = option(
        default=False, label="Reduce motion", text="Switch panels and notices without sliding."
    )


@dataclass(frozen=True, slots=True)
class RenderingSettings:
    """How scenes are rendered."""

    workers: int = option(
        0,
        "Scenes at the same time",
        "0 uses every processor core; fewer leave room for other programs.",
        limits=(0, 64),
    )
    draft_short_side: int = option(
        480, "Draft size", "Length of the shorter side of drafts, in pixels.", limits=(240, 1080)
    )
    draft_fps: int = option(30, "Draft frame rate", "Frames per second of drafts.", limits=(10, 60))
    final_short_side: int = option(
        1080, "Final size", "Length of the shorter side of finals, in pixels.", limits=(480, 2160)
    )
    final_fps: int = option(
        60, "Final frame rate", "Frames per second of finals.", limits=(24, 120)
    )
    cache_limit_gb: float = option(
        5.0,
        "Keep rendered scenes up to (GB)",
        "Unused scenes leave first. Versions are never deleted by this.",
        limits=(0.5, 1000),
    )
    latex: str = option(
        "auto",
        "Formulas",
        "auto sets formulas with LaTeX when it is installed; off always uses Typst.",
        choices=("auto", "off"),
    )
    memory_limit_mb: int = option(
        0,
        "Memory for one scene (MB)",
        "A scene that needs more is stopped. 0 goes by its size: 1.5 GB for drafts, 2 GB at "
        "1080p, 4 GB above.",
        limits=(0, 65536),
    )
    time_limit_minutes: int = option(
        0,
        "Time for one scene (minutes)",
        "A scene that takes longer is stopped. 0 goes by its size and length: from 3 minutes for "
        "a short draft.",
        limits=(0, 600),
    )


@dataclass(frozen=True, slots=True)
class EditingSettings:
    """How the text editor behaves."""

    autosave_seconds: float = option(
        0.6,
        "Save after (seconds)",
        "How long after the last key press text is saved.",
        limits=(0.2, 1),
    )
    font_size: int = option(
        13, "Text size", "Size of the editor's text, in points.", limits=(9, 32)
    )
    wrap: bool = option(
        default=True, label="Wrap long lines", text="In storyboards; code never wraps."
    )


@dataclass(frozen=True, slots=True)
class TransferSettings:
    """How much of the line uploads and downloads take."""

    connections: int = option(
        0,
        "Connections at the same time",
        "0 measures how many are fastest; fewer disturb others on the same line less.",
        limits=(0, 32),
    )
    rate_limit_mb: float = option(
        0.0,
        "Speed limit (MB/s)",
        "Of all transfers together. 0 is as fast as the line allows; limits for certain hours and "
        "single destinations are set where the transfers are.",
        limits=(0, 10_000),
    )
    pause_at_once: bool = option(
        default=True,
        label="Pause at once",
        text="Cuts what is on its way and sends it again later. Off: parts that have begun are "
        "finished first.",
    )
    timetable: str = option("", label="", text="", hidden=True)
    """Limits by the hour, as ``domain.rates`` writes them; edited where the transfers are."""


@dataclass(frozen=True, slots=True)
class GeneralSettings:
    """What the program remembers about itself."""

    first_run_done: bool = option(default=False, label="", text="", hidden=True)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, by page."""

    appearance: AppearanceSettings = field(
        default_factory=AppearanceSettings, metadata={"label": "Appearance"}
    )
    rendering: RenderingSettings = field(
        default_factory=RenderingSettings, metadata={"label": "Rendering"}
    )
    editing: EditingSettings = field(default_factory=EditingSettings, metadata={"label": "Editing"})
    transfers: TransferSettings = field(
        default_factory=TransferSettings, metadata={"label": "Transfers"}
    )
    general: GeneralSettings = field(default_factory=GeneralSettings, metadata={"label": "General"})


def load_settings(path: Path) -> Settings:
    """Read settings; unknown keys and values out of range fall back to defaults.

    A file that is no TOML is renamed to ``settings.toml.damaged`` and defaults are returned.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        log.warning("Settings could not be read (%s); using defaults", error)
        _set_aside(path)
        return Settings()
    return _merge(Settings(), values)


def save_settings(path: Path, settings: Settings) -> None:
    """Write settings atomically; raises Unavailable when the folder cannot be written."""
    text = tomli_w.dumps(dataclasses.asdict(settings))
    # its own name: the window and the command line may save at the same time
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # else a power cut can leave an empty file under the name
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise Unavailable(
            "Settings could not be saved",
            f"{path}: {error.strerror or error}.",
            "Check that the folder is writable and the disk is not full.",
        ) from error


def _set_aside(path: Path) -> None:
    try:
        path.replace(path.with_suffix(".toml.damaged"))
    except OSError:
        log.warning("%s could not be set aside", path)


D = TypeVar("D")


def _merge(defaults: D, values: Mapping[str, Any]) -> D:
    """Return ``defaults`` with every acceptable value of ``values``."""
    changed: dict[str, Any] = {}
    hints = get_type_hints(type(defaults))
    for item in dataclasses.fields(defaults):  # type: ignore[arg-type]  # D is always a dataclass
        current = getattr(defaults, item.name)
        if item.name not in values:
            continue
        value = values[item.name]
        if dataclasses.is_dataclass(current):
            if isinstance(value, Mapping):
                changed[item.name] = _merge(current, value)
            else:
                log.warning("Settings of %s are no table; using defaults", item.name)
        elif _acceptable(value, hints[item.name], item.metadata):
            changed[item.name] = type(current)(value)
        else:
            log.warning("Setting %s = %r is not usable; using %r", item.name, value, current)
    return dataclasses.replace(defaults, **changed)  # type: ignore[type-var]  # as above


def _acceptable(value: object, kind: Any, metadata: Mapping[str, Any]) -> bool:  # noqa: ANN401 - a type
    expected = (int, float) if kind is float else get_args(kind) or get_origin(kind) or kind
    if not isinstance(value, expected) or (isinstance(value, bool) and kind is not bool):
        return False
    if isinstance(value, int | float) and kind is not bool:
        limits = metadata.get("limits")
        return limits is None or limits[0] <= value <= limits[1]
    choices = metadata.get("choices")
    return not choices or value in choices


def memory_limit(settings: RenderingSettings) -> int:
    """Return the bytes one scene may use; 0 stands for what is usual at its size."""
    return max(settings.memory_limit_mb, LEAST_MEMORY_MB) << 20 if settings.memory_limit_mb else 0


def environment_workers(settings: RenderingSettings) -> int:
    """Return how many scenes may render at once: the setting, or every core."""
    return settings.workers or os.cpu_count() or 1
