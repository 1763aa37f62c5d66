"""Settings survive damaged files, wrong values and full disks."""

import dataclasses
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.config.settings import (
    AppearanceSettings,
    RenderingSettings,
    Settings,
    environment_workers,
    load_settings,
    save_settings,
)
from desktop.domain.errors import Unavailable


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


def load(path: Path, text: str) -> Settings:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return load_settings(path)


def test_without_a_file_everything_is_as_declared(path: Path) -> None:
    assert load_settings(path) == Settings()
    assert not path.exists()


def test_what_was_saved_is_loaded(path: Path) -> None:
    wanted = Settings(
        appearance=AppearanceSettings(theme="dark", reduce_motion=True),
        rendering=RenderingSettings(workers=3, cache_limit_gb=12.5, latex="off"),
    )
    save_settings(path, wanted)
    assert load_settings(path) == wanted


def test_saving_again_replaces_the_file_and_leaves_no_other(path: Path) -> None:
    save_settings(path, Settings())
    save_settings(path, Settings(rendering=RenderingSettings(workers=2)))
    assert load_settings(path).rendering.workers == 2
    assert [found.name for found in path.parent.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize(
    "damaged", [b"not = [toml", b"\xff\xfe\x00", b"\x00" * 100, b"[rendering\nworkers = 1"]
)
def test_a_damaged_file_is_set_aside_and_not_lost(path: Path, damaged: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(damaged)
    assert load_settings(path) == Settings()
    assert not path.exists()
    assert path.with_name("settings.toml.damaged").read_bytes() == damaged
    save_settings(path, Settings())
    assert load_settings(path) == Settings()


def test_an_empty_file_means_the_defaults(path: Path) -> None:
    assert load(path, "") == Settings()
    assert path.exists()


@pytest.mark.parametrize(
    "text",
    [
        "[rendering]\nworkers = -1",
        "[rendering]\nworkers = 65",
        "[rendering]\nworkers = 1.5",
        '[rendering]\nworkers = "2"',
        "[rendering]\nworkers = true",
        "[rendering]\ncache_limit_gb = 0.1",
        "[rendering]\ncache_limit_gb = nan",
        "[rendering]\ncache_limit_gb = inf",
        '[rendering]\nlatex = "always"',
        "[rendering]\nlatex = 1",
        '[appearance]\ntheme = "pink"',
        "[appearance]\nreduce_motion = 1",
        "[appearance]\ntheme = []",
        "rendering = 3",
        "rendering = []",
        "unknown = 1",
        "[unknown]\nkey = 1",
        "[rendering]\nunknown = 1",
        "[editing]\nfont_size = 500",
        "[editing]\nautosave_seconds = 60",
    ],
)
def test_what_is_unknown_or_out_of_range_falls_back(path: Path, text: str) -> None:
    assert load(path, text) == Settings()


def test_one_wrong_value_costs_no_other(path: Path) -> None:
    loaded = load(path, '[rendering]\nworkers = 999\ndraft_fps = 24\n[appearance]\ntheme = "dark"')
    assert loaded.rendering == RenderingSettings(draft_fps=24)
    assert loaded.appearance.theme == "dark"


def test_a_whole_number_will_do_for_a_fraction(path: Path) -> None:
    loaded = load(path, "[rendering]\ncache_limit_gb = 8").rendering.cache_limit_gb
    assert loaded == 8.0
    assert isinstance(loaded, float)


def options() -> list[dataclasses.Field[object]]:
    pages = [getattr(Settings(), page.name) for page in dataclasses.fields(Settings)]
    return [item for page in pages for item in dataclasses.fields(page)]


def test_every_setting_a_person_sees_says_what_it_is_for() -> None:
    for item in options():
        if not item.metadata["hidden"]:
            assert item.metadata["label"]
            assert item.metadata["help"].endswith(".")


def test_every_default_is_allowed() -> None:
    for item in options():
        limits, choices = item.metadata["limits"], item.metadata["choices"]
        assert not limits or limits[0] <= item.default <= limits[1]
        assert not choices or item.default in choices


VALUES = st.one_of(
    st.integers(-5, 5000), st.floats(0, 2000, allow_nan=False), st.booleans(), st.text("abdko")
)


@given(st.dictionaries(st.sampled_from([item.name for item in options()]), VALUES))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_loaded_is_within_its_limits(path: Path, values: dict[str, object]) -> None:
    lines = [
        f"{key} = {str(value).lower() if isinstance(value, bool) else repr(value)}"
        for key, value in values.items()
    ]
    text = "\n".join(
        line for page in dataclasses.fields(Settings) for line in (f"[{page.name}]", *lines)
    )
    loaded = load(path, text)
    for page in dataclasses.fields(loaded):
        for item in dataclasses.fields(getattr(loaded, page.name)):
            value = getattr(getattr(loaded, page.name), item.name)
            limits, choices = item.metadata["limits"], item.metadata["choices"]
            assert type(value) is type(item.default)
            assert not limits or limits[0] <= value <= limits[1]
            assert not choices or value in choices


def test_a_folder_that_is_a_file_is_told_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("", "utf-8")
    with pytest.raises(Unavailable) as caught:
        save_settings(tmp_path / "config" / "settings.toml", Settings())
    assert "settings.toml" in caught.value.detail
    assert caught.value.remedy


def test_a_full_disk_keeps_the_old_file_and_leaves_no_half_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_settings(path, Settings(rendering=RenderingSettings(workers=2)))

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match="No space left"):
        save_settings(path, Settings())
    assert load_settings(path).rendering.workers == 2
    assert [found.name for found in path.parent.iterdir()] == ["settings.toml"]


def test_no_workers_means_every_core() -> None:
    assert environment_workers(RenderingSettings(workers=3)) == 3
    assert environment_workers(RenderingSettings()) == (os.cpu_count() or 1)
