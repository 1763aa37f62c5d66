"""Where Proofreel keeps things on each system, and where its own resources are."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

import desktop


def resource_dir() -> Path:
    """Return the folder of shipped resources, in a checkout as well as in an installed wheel."""
    package = Path(desktop.__file__).parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


@dataclass(frozen=True, slots=True)
class Paths:
    """Every folder Proofreel writes to; all below three roots the system names."""

    data: Path
    """The library: database, versions, working texts. Worth a backup."""
    config: Path
    """Settings and window layout."""
    cache: Path
    """Rendered scenes and scratch space; may be deleted at any time."""
    consents: Path | None = None
    """Where it is kept what code may run; None for the place in ``data``."""

    @property
    def database(self) -> Path:
        """The library's index."""
        return self.data / "library.db"

    @property
    def videos(self) -> Path:
        """One folder for each video: its versions, working text and assets."""
        return self.data / "videos"

    @property
    def transfers(self) -> Path:
        """The record of uploads and downloads, and where their engine is found."""
        return self.data / "transfers"

    @property
    def renders(self) -> Path:
        """The content-addressed store of rendered scenes."""
        return self.cache / "renders"

    @property
    def scratch(self) -> Path:
        """Job folders of renders under way."""
        return self.cache / "scratch"

    @property
    def logs(self) -> Path:
        """Log files and crash traces."""
        return self.data / "logs"

    @property
    def allowed_code(self) -> Path:
        """What code from elsewhere may run; commands with a library of their own share it."""
        return self.consents or self.data / "allowed-code"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.config / "settings.toml"

    @property
    def destinations(self) -> Path:
        """Where uploads may go, one file for each."""
        return self.config / "destinations"


def system_paths() -> Paths:
    """Return the folders of this user; ``PROOFREEL_HOME`` puts everything below one folder."""
    home = os.environ.get("PROOFREEL_HOME")
    if home:
        return below(Path(home).expanduser())
    dirs = platformdirs.PlatformDirs("proofreel", appauthor=False)
    return Paths(
        data=Path(dirs.user_data_dir),
        config=Path(dirs.user_config_dir),
        cache=Path(dirs.user_cache_dir),
    )


def below(root: Path) -> Paths:
    """Return folders that all lie below ``root``: for portable use and for tests."""
    root = root.absolute()
    return Paths(data=root / "data", config=root / "config", cache=root / "cache")
