"""What a render process must be able to read: Python, Manim, fonts, and nothing of the editor's."""

import os
import shutil
import site
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

import desktop
from desktop.config.paths import resource_dir

SYSTEM = (
    "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/lib", "/lib32", "/lib64",
    "/usr/local/lib", "/usr/share/fonts", "/usr/share/fontconfig", "/usr/local/share/fonts",
    "/usr/share/zoneinfo", "/usr/share/locale", "/usr/share/i18n", "/usr/share/mime",
    "/usr/share/icu", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime",
    "/var/cache/fontconfig",
)  # fmt: skip

PROGRAMS = (
    "/usr/bin", "/bin", "/usr/local/bin", "/usr/share", "/usr/local/share", "/usr/local/texlive",
    "/var/lib/texmf", "/etc/texmf", "/etc/alternatives",
    "/usr/lib", "/usr/lib64", "/usr/libexec", "/lib", "/lib64",
)  # fmt: skip
"""Added for LaTeX: its programs and packages, and the loader, which the system executes as well."""

LATEX = ("latex", "dvisvgm")

FONTS = (".fonts", ".local/share/fonts")
"""Folders of a person's own fonts, below the home folder."""


def readable() -> tuple[str, ...]:
    """Return files and folders to read, without those that are not there and without repetition.

    Both names of what lies behind a symbolic link are listed: either may be asked for.
    """
    python = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, sys.executable}
    packages = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    own = {Path(desktop.__file__).parent, resource_dir()}
    fonts = {Path.home() / folder for folder in FONTS}
    found: set[str | Path] = {*SYSTEM, *python, *packages, *site.getsitepackages(), *own, *fonts}
    names = {name for path in found for name in (os.fspath(path), os.path.realpath(path))}
    # A Python of the system has /usr for its own; what it needs of that is listed above.
    return outermost(name for name in names - {"/usr", "/"} if Path(name).exists())


def outermost(paths: Iterable[str]) -> tuple[str, ...]:
    """Return paths without those that lie in others of them."""
    kept: list[str] = []
    for path in sorted(paths):
        if not any(path.startswith(f"{one}/") for one in kept):
            kept.append(path)
    return tuple(kept)


def latex_installed() -> bool:
    """Tell whether the programs are there that Manim sets formulas with."""
    return all(shutil.which(name) for name in LATEX)


def programs() -> tuple[str, ...]:
    """Return what LaTeX needs besides, as far as it is there, wherever it is installed."""
    found = [path for path in PROGRAMS if Path(path).exists()]
    for name in LATEX:
        if place := shutil.which(name):
            real = Path(place).resolve()
            # .../texlive/2026/bin/x86_64-linux/pdftex: its packages lie beside bin
            found.append(os.fspath(real.parents[2 if real.parent.parent.name == "bin" else 0]))
    return outermost(found)


def program_folders() -> tuple[str, ...]:
    """Return where the programs of LaTeX are found by their names."""
    return tuple(
        dict.fromkeys(str(Path(place).parent) for name in LATEX if (place := shutil.which(name)))
    )
