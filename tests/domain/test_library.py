from datetime import UTC, datetime
from fractions import Fraction

import pytest

from desktop.domain.library import SourceKind, Version
from desktop.domain.picture import Quality


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [(SourceKind.STORYBOARD, ".md"), (SourceKind.MANIM, ".py"), (SourceKind.FOOTAGE, "")],
)
def test_a_source_has_the_suffix_of_its_language(kind: SourceKind, suffix: str) -> None:
    assert kind.suffix == suffix


def test_a_version_lasts_as_long_as_its_frames() -> None:
    version = Version(
        "v", "a", 1, datetime(2026, 1, 1, tzinfo=UTC), Quality.DRAFT, 1920, 1080,
        Fraction(24000, 1001), 24000, 1, "",
    )  # fmt: skip
    assert version.seconds == pytest.approx(1001.0)
