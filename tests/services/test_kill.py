"""kill -9 at any moment: every announced version is there and whole, and nothing half-made."""

import asyncio
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from desktop.app import open_services
from desktop.config.paths import below
from desktop.domain.library import SearchQuery

pytestmark = pytest.mark.manim

EDITOR = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from desktop.app import open_services
from desktop.config.paths import below
from desktop.domain.library import SearchQuery, SourceKind
from desktop.domain.picture import Quality

TEXT = '''from manim import *


class A(Scene):
    def construct(self):
        self.play(Create(Square()), run_time=0.5)


class B(Scene):
    def construct(self):
        self.play(Create(Circle(radius=%s)), run_time=0.5)
'''

async def main():
    async with open_services(below(Path(sys.argv[1]))) as services:
        settings = services.settings.current
        rendering = replace(settings.rendering, draft_short_side=240, draft_fps=10)
        await services.settings.save(replace(settings, rendering=rendering))
        page = await services.library.search(SearchQuery())
        if page.videos:
            video = page.videos[0]
        else:
            project = await services.library.create_project("P")
            video = await services.library.create_video(
                project.id, "V", SourceKind.MANIM, TEXT % 1, own=True
            )
        while True:
            document = await services.authoring.open(video.id)
            text = TEXT % (1 + document.revision / 1000)
            revision = await services.authoring.save(
                video.id, text, document.revision, own=True
            )
            print("saved", revision, flush=True)
            version = await services.production.render(video.id, Quality.DRAFT)
            print("version", version.number, flush=True)

asyncio.run(main())
"""


def killed_run(home: Path, seconds: float) -> tuple[int, int]:
    """Let an editor work, kill it ``seconds`` after its first word; return what it announced."""
    command = [sys.executable, "-c", EDITOR, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline()]
        time.sleep(seconds)
        family = [process.pid, *(child.pid for child in psutil.Process(process.pid).children(True))]
        os.kill(process.pid, signal.SIGKILL)
        said += process.stdout.read().splitlines()
    _wait_for_orphans(family)
    last = {"saved": 0, "version": 0}
    for line in said:
        word, number = line.split()
        last[word] = max(last[word], int(number))
    return last["saved"], last["version"]


def _wait_for_orphans(pids: list[int]) -> None:
    """Render and reading processes must notice by themselves that their owner is gone."""
    deadline = time.monotonic() + 20
    while left := [pid for pid in pids if psutil.pid_exists(pid)]:
        assert time.monotonic() < deadline, f"orphans: {left}"
        time.sleep(0.05)


async def check(home: Path, saved: int, version: int) -> None:
    paths = below(home)
    async with open_services(paths) as services:
        [video] = (await services.library.search(SearchQuery())).videos
        assert (await services.authoring.open(video.id)).revision >= saved
        versions = await services.versions.list(video.id)
        numbers = [one.number for one in versions]
        assert numbers == list(range(len(numbers), 0, -1))
        assert len(numbers) >= version
        for one in versions:
            film = Path(services.versions.files(video.id, one.number).video)
            assert hashlib.sha256(film.read_bytes()).hexdigest() == one.sha256
    assert not list(paths.scratch.glob("*")), "scratch folders are swept"


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_program_loses_no_version_and_no_saved_text(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(2):
        saved, version = killed_run(tmp_path, chance.uniform(0, 5))
        asyncio.run(check(tmp_path, saved, version))


@pytest.mark.campaign
@pytest.mark.timeout(1200)
def test_forty_kills_lose_nothing(tmp_path: Path) -> None:
    chance = random.Random(2026)
    for _ in range(40):
        saved, version = killed_run(tmp_path, chance.uniform(0, 8))
        asyncio.run(check(tmp_path, saved, version))
