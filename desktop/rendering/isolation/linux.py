"""Linux: Landlock and seccomp alone (tier B), or the same inside an empty root (tier A).

Both were measured against the attacks of ``tests/isolation``. What tier B cannot hide is that a
file exists, and what else ``stat`` tells of it.
"""

import contextlib
import os
from pathlib import Path

from typing_extensions import override

from desktop.rendering.isolation.limits import Limits
from desktop.rendering.isolation.readable import (
    latex_installed,
    outermost,
    program_folders,
    programs,
    readable,
)
from desktop.rendering.isolation.seam import ProcessLimits

NEWEST = 99
"""Stands for every version of Landlock that the kernel has."""

BUBBLEWRAP = "/usr/bin/bwrap"
"""The system's own: a copy that a program brings along is refused by Ubuntu's AppArmor."""

APPARMOR_FIX = (
    "AppArmor keeps programs from making namespaces; allow it to bubblewrap alone: "
    "sudo apt install apparmor-profiles && sudo cp "
    "/usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ && "
    "sudo systemctl reload apparmor."
)

NAMESPACE_SETTINGS = (
    ("kernel/apparmor_restrict_unprivileged_userns", "1", APPARMOR_FIX),
    (
        "kernel/unprivileged_userns_clone",
        "0",
        "Allow namespaces: sudo sysctl kernel.unprivileged_userns_clone=1.",
    ),
    (
        "user/max_user_namespaces",
        "0",
        "Allow namespaces: sudo sysctl user.max_user_namespaces=15000.",
    ),
)
"""Settings of the kernel, the value that forbids what bubblewrap needs, and what to do then."""

SYSTEM_PROGRAMS = ("/usr/local/bin", "/usr/bin", "/bin")

TEMPORARY_BYTES = 64 << 20


class PartialSandbox(ProcessLimits):
    """Tier B: every job may read what it needs, write to its folder, and call little else."""

    note = ""

    def __init__(self, newest: int = NEWEST) -> None:
        super().__init__("Sandbox without namespaces")
        self._newest = newest

    @override
    def environment(self, scratch: Path) -> dict[str, str]:
        """Return the environment without a search path: no program can be started anyway."""
        return {**super().environment(scratch), "PATH": ""}

    @override
    def confinement(self, limits: Limits, *, latex: bool = False) -> dict[str, object]:
        """Return rlimits, and what may be read."""
        return {
            **super().confinement(limits),
            "readable": readable(),
            "programs": (),
            "landlock": self._newest,
        }


class FullSandbox(PartialSandbox):
    """Tier A: the render process sees an empty root with what it needs; jobs as in tier B."""

    def __init__(self, newest: int = NEWEST, bubblewrap: str = BUBBLEWRAP) -> None:
        super().__init__(newest)
        self.name = "Full sandbox"
        self._bubblewrap = bubblewrap

    @override
    def command(self, argv: list[str], scratch: Path) -> list[str]:
        """Return the command inside bubblewrap.

        The namespace of process ids is the outer one: the watchdog and the killing of jobs need
        the ids, and jobs can neither see nor signal others without it.
        """
        visible = outermost((*readable(), *(programs() if self.latex else ())))
        folders = [path for path in visible if not _is_root_link(path)]
        shown = [word for path in folders for word in ("--ro-bind-try", path, path)]
        work = os.fspath(scratch.parent)  # the folders of jobs lie beside the scratch folder
        return [
            self._bubblewrap,
            "--unshare-user", "--unshare-ipc", "--unshare-net", "--unshare-uts",
            "--unshare-cgroup-try", "--cap-drop", "ALL", "--new-session", "--die-with-parent",
            "--size", str(TEMPORARY_BYTES), "--tmpfs", "/tmp",  # noqa: S108  a fresh one, inside
            "--dev", "/dev", *shown, *_links(),
            "--bind", work, work, "--remount-ro", "/", "--chdir", os.fspath(scratch), "--", *argv,
        ]  # fmt: skip

    @property
    def latex(self) -> bool:
        """Whether LaTeX is there to be run inside."""
        return latex_installed()

    @override
    def environment(self, scratch: Path) -> dict[str, str]:
        """Return the environment with the system's search path where LaTeX is found by it."""
        base = super().environment(scratch)
        if not self.latex:
            return base
        return {**base, "PATH": os.pathsep.join((*program_folders(), *SYSTEM_PROGRAMS))}

    @override
    def confinement(self, limits: Limits, *, latex: bool = False) -> dict[str, object]:
        """Return the rules of tier B; scenes that use LaTeX may start its programs."""
        allowed = programs() if latex and self.latex else ()
        return {**super().confinement(limits), "programs": allowed}


def namespaces_fix(settings: Path = Path("/proc/sys")) -> str:
    """Return how to allow what bubblewrap needs where the system's settings forbid it."""
    for name, forbids, fix in NAMESPACE_SETTINGS:
        with contextlib.suppress(OSError):
            if (settings / name).read_text("utf-8").strip() == forbids:
                return fix
    return ""


def _is_root_link(path: str) -> bool:
    return Path(path).parent == Path("/") and Path(path).is_symlink()


def _links() -> list[str]:
    """Return bubblewrap's words for folders of the root that are links, as /lib to usr/lib."""
    words = []
    for name in ("lib", "lib32", "lib64", "bin"):
        path = Path("/", name)
        if path.is_symlink():
            words += ["--symlink", os.fspath(path.readlink()), os.fspath(path)]
    return words
