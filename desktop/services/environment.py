"""What this machine can do, in words: the report of ``proofreel doctor`` and the settings page."""

import asyncio
import importlib.metadata
import os
import platform
import shutil
import time
from pathlib import Path

from desktop.config.keychain.kept import Place
from desktop.config.paths import Paths
from desktop.domain.errors import StudioError
from desktop.rendering.renderer import Renderer
from desktop.services.reading import latex_installed
from desktop.services.secrets import SecretService
from desktop.services.transfers import TransferService
from desktop.services.values import Check, CheckState

LOW_DISK_GB = 2.0
"""Free space below which long renders are likely to fail."""


class EnvironmentService:
    """Looks at everything renders and transfers depend on."""

    def __init__(
        self,
        paths: Paths,
        renderer: Renderer,
        transfers: TransferService | None = None,
        secrets: SecretService | None = None,
    ) -> None:
        self._paths = paths
        self._renderer = renderer
        self._transfers = transfers
        self._secrets = secrets

    async def report(self) -> tuple[Check, ...]:
        """Check everything; takes as long as one start of the render process (seconds)."""
        checks = await asyncio.to_thread(self._still_checks)
        moving = (await self._transfers.report(),) if self._transfers else ()
        keeping = (await _keyring(self._secrets),) if self._secrets else ()
        return (*checks, *keeping, *moving, await self.protection(), await self._render_process())

    async def protection(self) -> Check:
        """Say what keeps the code of scenes from the rest of this computer, and why no better."""
        isolation = self._renderer.isolation
        try:
            await asyncio.to_thread(isolation.prepare)
        except StudioError as error:
            return Check("Isolation", CheckState.ERROR, error.title, error.remedy)
        state = CheckState.WARNING if isolation.note else CheckState.OK
        return Check("Isolation", state, isolation.name, isolation.note)

    async def allow_unprotected(self) -> None:
        """Let scenes run without any sandbox until the program ends; every version records it."""
        self._renderer.allow_unprotected()

    def _still_checks(self) -> tuple[Check, ...]:
        return (
            _python(),
            _package("manim", "Manim"),
            _package("typst", "Typst"),
            _package("av", "PyAV"),
            _latex(),
            _cores(),
            _folder("Library folder", self._paths.data),
            _folder("Render cache", self._paths.cache),
        )

    async def _render_process(self) -> Check:
        started = time.monotonic()
        try:
            await self._renderer.start()
        except StudioError as error:
            return Check("Render process", CheckState.ERROR, error.title, error.remedy)
        seconds = time.monotonic() - started
        return Check("Render process", CheckState.OK, f"Starts in {seconds:.1f} s")


async def _keyring(secrets: SecretService) -> Check:
    """Say where a secret would be kept, and how to have a keyring where there is none."""
    try:
        status = await secrets.status()
    except StudioError as error:
        return Check("Keyring", CheckState.WARNING, error.title, error.remedy)
    if status.keyring:
        return Check("Keyring", CheckState.OK, f"{status.keyring}; secrets are kept there")
    kept = {
        Place.PASSPHRASE: "Secrets are kept in files that your passphrase opens.",
        Place.MEMORY: "Secrets are kept in memory until Proofreel ends.",
    }
    detail = f"{status.reason} {kept.get(status.place, '')}".strip()
    return Check("Keyring", CheckState.WARNING, detail, status.remedy)


def _python() -> Check:
    return Check("Python", CheckState.OK, f"{platform.python_version()} on {platform.platform()}")


def _package(name: str, label: str) -> Check:
    try:
        return Check(label, CheckState.OK, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(
            label,
            CheckState.ERROR,
            "Not installed",
            f"Run packaging/run again, or install the package {name}.",
        )


def _latex() -> Check:
    if latex_installed():
        return Check("LaTeX", CheckState.OK, "Installed; formulas may use it")
    return Check("LaTeX", CheckState.OK, "Not installed; formulas are set with Typst")


def _cores() -> Check:
    count = os.cpu_count() or 1
    plural = "" if count == 1 else "s"
    return Check("Processor", CheckState.OK, f"{count} core{plural}, as many scenes at once")


def _folder(label: str, folder: Path) -> Check:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".write-test"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        remedy = "Make the folder writable, or set PROOFREEL_HOME to one that is."
        return Check(label, CheckState.ERROR, f"{folder}: {error.strerror}", remedy)
    free = shutil.disk_usage(folder).free / 1e9
    if free < LOW_DISK_GB:
        return Check(
            label,
            CheckState.WARNING,
            f"{folder}: only {free:.1f} GB free",
            "Free some space before rendering finals.",
        )
    return Check(label, CheckState.OK, f"{folder}, {free:.0f} GB free")
