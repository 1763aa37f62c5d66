"""What the samples shipped with Proofreel are called and look like, before they are installed."""

import re
from dataclasses import dataclass
from pathlib import Path

PICTURES = (".jpg", ".png", ".webp")

FIELD = re.compile(r"^(title|description|aspect):\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample video."""

    title: str
    description: str
    aspect: str
    picture: str
    """Path of a still; empty when there is none."""


def read_samples(folder: Path) -> tuple[Sample, ...]:
    """Return the samples below ``folder`` by name, one folder each; empty without any."""
    return tuple(_read(file) for file in sorted(folder.glob("*/storyboard.md")))


def _read(file: Path) -> Sample:
    fields = dict(FIELD.findall(file.read_text(encoding="utf-8")[:2000]))
    return Sample(
        title=fields.get(
            "title", file.parent.name.replace("_", " ").replace("-", " ").capitalize()
        ),
        description=fields.get("description", ""),
        aspect=fields.get("aspect", "16:9"),
        picture=_picture(file.parent),
    )


def _picture(folder: Path) -> str:
    found = (folder / f"poster{suffix}" for suffix in PICTURES)
    return next((str(path) for path in found if path.is_file()), "")
