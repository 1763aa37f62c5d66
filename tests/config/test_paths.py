from dataclasses import fields
from pathlib import Path

import pytest

from desktop.config.paths import Paths, below, resource_dir, system_paths


def everything(paths: Paths) -> list[Path]:
    names = [name for name, value in vars(Paths).items() if isinstance(value, property)]
    found = [getattr(paths, name) for name in (*names, *(item.name for item in fields(paths)))]
    return [path for path in found if path is not None]


def test_one_variable_puts_everything_below_one_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROOFREEL_HOME", str(tmp_path / "here"))
    for path in everything(system_paths()):
        assert path.is_relative_to(tmp_path / "here")


def test_the_variable_may_be_relative_or_begin_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROOFREEL_HOME", "portable")
    assert system_paths().data == tmp_path / "portable" / "data"
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    monkeypatch.setenv("PROOFREEL_HOME", "~/videos")
    assert system_paths().data.is_relative_to(Path("~").expanduser())


def test_without_it_each_kind_has_the_folder_the_system_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PROOFREEL_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    paths = system_paths()
    assert len({paths.data, paths.config, paths.cache}) == 3
    assert all(path.is_absolute() and "proofreel" in path.parts for path in everything(paths))


def test_what_may_be_deleted_is_apart_from_what_may_not(tmp_path: Path) -> None:
    paths = below(tmp_path)
    assert paths.renders.is_relative_to(paths.cache)
    assert paths.scratch.is_relative_to(paths.cache)
    for kept in (paths.database, paths.videos, paths.settings):
        assert not kept.is_relative_to(paths.cache)


def test_naming_folders_makes_none(tmp_path: Path) -> None:
    everything(below(tmp_path / "new"))
    assert list(tmp_path.iterdir()) == []


def test_resources_are_found() -> None:
    assert (resource_dir() / "kit" / "proofreel_kit" / "__init__.py").is_file()
    assert (resource_dir() / "templates" / "blank.md").is_file()
