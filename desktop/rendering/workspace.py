"""Job folders: where a scene is drawn, out of everybody's sight, and what is taken out of them.

A folder holds ``job.json``, ``log.txt`` and the results; the scene and the files it reads lie in
``source`` below it, so that no asset can take the name of a result.
"""

import contextlib
import errno
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path, PurePosixPath

from desktop.domain.errors import Refused, RenderFailed, Unavailable
from desktop.rendering import results
from desktop.rendering.executable import is_run
from desktop.rendering.jobs import Asset, SceneJob
from desktop.rendering.keys import SEED

SOURCE = "source"
SCENE_FILE = "proofreel_scene.py"
"""Name of the scene's module; no editor's file is called so. The worker knows it too."""

FULL_BYTES = 256 * 1024
"""Free space below which whatever went wrong went wrong because the disk is full."""

DISCARD_TRIES = 20


def place(scratch: Path) -> Path:
    """Return where the folder of a new job goes; its name says whose it is, see ``sweep``."""
    return scratch / f"job-{os.getpid()}-{secrets.token_hex(6)}"


def prepare(folder: Path, job: SceneJob, confinement: dict[str, object]) -> None:
    """Make the folder of a job, with its scene and copies of the files it reads.

    Raises Refused for an asset that would lie outside, RenderFailed for one that is gone, and
    Unavailable when the disk is not up to it.
    """
    with translated():
        source = folder / SOURCE
        source.mkdir(parents=True)
        for asset in job.assets:
            _bring(asset, source, job)
        (source / SCENE_FILE).write_text(job.code, "utf-8")
        write_request(folder, job, confinement, 0)


def write_request(folder: Path, job: SceneJob, confinement: dict[str, object], frames: int) -> None:
    """Write what the worker is to do; ``frames`` is the expected number, 0 before the probe."""
    values = {
        "class_name": job.class_name,
        "profile": asdict(job.profile),
        "seed": SEED,
        "frames": frames,
        "confinement": confinement,
    }
    with translated():
        (folder / "job.json").write_text(json.dumps(values), "utf-8")


def pack(folder: Path, packed: Path, job: SceneJob, folder_bytes: int) -> None:
    """Move the results of ``job`` to a new folder; anything else it wrote stays behind.

    Raises RenderFailed when a result is missing or not what it should be.
    """
    with translated():
        packed.mkdir()
        results.take_out(folder, packed, results.expected(folder_bytes), job.title)


def prepare_inspection(folder: Path, packed: Path, rules: dict[str, object]) -> None:
    """Make the folder of a job that looks into the results in ``packed``, and reads nothing else.

    Raises Unavailable when the disk is not up to it.
    """
    readable = rules.get("readable")
    if isinstance(readable, tuple):
        rules = {**rules, "readable": (*readable, os.fspath(packed))}
    with translated():
        (folder / SOURCE).mkdir(parents=True)
        values = {"confinement": rules, "results": os.fspath(packed)}
        (folder / "job.json").write_text(json.dumps(values), "utf-8")


def discard(folder: Path) -> None:
    """Delete a job folder, even while a killed process is still letting go of it."""
    for _try in range(DISCARD_TRIES):
        with contextlib.suppress(RecursionError):
            shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        with contextlib.suppress(OSError):
            _flatten(folder)
        time.sleep(0.05)


def _flatten(top: Path) -> None:
    """Delete the files below a folder and bring all folders up into it, whatever a scene made.

    Folders may be so deep that no path reaches them, and sealed.
    """
    pending = [top]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.path)  # noqa: PTH108  the entry has it
                    continue
                brought = top / f"brought-{secrets.token_hex(8)}"
                os.chmod(entry.path, 0o700)  # noqa: PTH101  likewise
                os.rename(entry.path, brought)  # noqa: PTH104  likewise
                pending.append(brought)


def sweep(scratch: Path) -> None:
    """Delete what processes that are gone left behind."""
    for path in scratch.glob("*-*"):
        owner = path.name.split("-")[1]
        if owner.isdigit() and not _alive(int(owner)):
            shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn the troubles of the disk into what a person can act on."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise disk_full(str(error)) from error
        raise Unavailable(
            "The render cache cannot be used",
            f"{error.filename or ''}: {error.strerror or error}".strip(": "),
            "Check that the folder is there and writable.",
        ) from error


def is_full(folder: Path) -> bool:
    """Tell whether the disk of a folder has no room left."""
    try:
        return shutil.disk_usage(folder).free < FULL_BYTES
    except OSError:
        return False


def disk_full(detail: str) -> Unavailable:
    """Return the error for a disk without room."""
    return Unavailable(
        "The disk is full", detail, "Free some space, then render again; nothing was lost."
    )


def _bring(asset: Asset, source: Path, job: SceneJob) -> None:
    name = PurePosixPath(asset.name)
    if name.is_absolute() or ".." in name.parts or not name.parts:
        raise Refused(
            f"“{job.title}” reads {asset.name}, which lies outside the folder of its source",
            remedy="Put the file beside the source and refer to it by its name.",
        )
    copy = source / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(asset.path, copy)
    except FileNotFoundError as error:
        raise RenderFailed(
            f"“{job.title}” could not be rendered",
            f"The file {asset.name} is not there.",
            "Put it beside the source, or correct its name.",
        ) from error
    if is_run(asset.name) and _sha256(copy) != asset.sha256:
        raise RenderFailed(
            f"“{job.title}” could not be rendered",
            f"The file {asset.name} was changed while it was being read.",
            "Render again.",
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
