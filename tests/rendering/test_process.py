"""The render process may say anything; the studio believes only what it understands."""

import asyncio
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.errors import Unavailable
from desktop.rendering.isolation import ProcessLimits
from desktop.rendering.process import LONGEST_LINE, RenderProcess
from tests.rendering.scenes import until


class Scripted(ProcessLimits):
    """Starts a few lines of Python in place of the render process."""

    def __init__(self, script: str) -> None:
        self._script = (
            "import json, sys, time\ndef say(text): print(text, flush=True)\n"
            + textwrap.dedent(script)
        )

    def command(self, argv: list[str], scratch: Path) -> list[str]:
        return [sys.executable, "-c", self._script]


ECHO = """
say('{"ready": true}')
for line in sys.stdin:
    job = json.loads(line).get("run")
    if job:
        %s
        say(json.dumps({"job": job, "event": "ended", "status": 0}))
"""


async def events(process: RenderProcess, folder: Path) -> list[dict[str, Any]]:
    return [event async for event in process.run("probe", folder, 1 << 20)]


@pytest.mark.parametrize(
    "noise",
    [
        "say('not json')",
        "say('[1, 2]')",
        "say('5')",
        "say('null')",
        "say('')",
        "say('{}')",
        """say('{"job": "99", "event": "ended"}')""",
        """say('{"job": ["1"], "event": 3}')""",
        """say(json.dumps({"job": job, "event": None}))""",
        "sys.stdout.buffer.write(bytes(range(256)) + b'\\n'); sys.stdout.flush()",
        f"say('x' * {LONGEST_LINE * 2})",
        "say('[' * 100_000)",
    ],
)
async def test_garbage_is_passed_over(tmp_path: Path, noise: str) -> None:
    process = RenderProcess(Scripted(ECHO % noise), tmp_path)
    try:
        heard = await asyncio.wait_for(events(process, tmp_path), 60)
        assert heard == [{"job": "1", "event": "ended", "status": 0}]
    finally:
        await process.close()


async def test_lines_before_it_is_ready_are_passed_over(tmp_path: Path) -> None:
    script = "say('Loading fonts')\nsay('{}')\n" + ECHO % "pass"
    process = RenderProcess(Scripted(script), tmp_path)
    await process.start()
    assert len(await events(process, tmp_path)) == 1
    await process.close()


async def test_a_process_that_dies_while_a_job_runs_says_so(tmp_path: Path) -> None:
    process = RenderProcess(
        Scripted(ECHO % """say(json.dumps({"job": job, "event": "forked"})); sys.exit(3)"""),
        tmp_path,
    )
    heard = await asyncio.wait_for(events(process, tmp_path), 60)
    assert [event["event"] for event in heard] == ["forked", "died"]
    await process.close()


async def test_a_process_that_dies_before_a_job_begins_is_started_once_more(
    tmp_path: Path,
) -> None:
    marker = tmp_path / "once"
    script = f"""
    import pathlib
    marker = pathlib.Path({str(marker)!r})
    say('{{"ready": true}}')
    line = sys.stdin.readline()
    if not marker.exists():
        marker.touch()
        sys.exit(1)
    say(json.dumps({{"job": json.loads(line)["run"], "event": "ended", "status": 0}}))
    """
    process = RenderProcess(Scripted(script), tmp_path)
    heard = await asyncio.wait_for(events(process, tmp_path), 60)
    assert [event["event"] for event in heard] == ["ended"]
    await process.close()


async def test_a_process_that_never_gets_ready_is_given_up_and_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.rendering.process.START_SECONDS", 0.3)
    monkeypatch.setattr("desktop.rendering.process.STOP_SECONDS", 0.3)
    process = RenderProcess(Scripted("time.sleep(600)"), tmp_path)
    with pytest.raises(Unavailable):
        await process.start()
    assert process._process is None
    await process.close()


async def test_cancelling_the_start_leaves_no_process(tmp_path: Path) -> None:
    process = RenderProcess(Scripted("for line in sys.stdin: pass"), tmp_path)
    task = asyncio.get_running_loop().create_task(process.start())
    await until(lambda: process._process)
    started = process._process
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert started is not None
    assert started.returncode is not None


async def test_closing_a_process_that_was_never_started_is_no_trouble(tmp_path: Path) -> None:
    await RenderProcess(Scripted(""), tmp_path).close()


async def test_a_job_that_is_left_early_is_killed(tmp_path: Path) -> None:
    script = """
    say('{"ready": true}')
    for line in sys.stdin:
        request = json.loads(line)
        if "run" in request:
            say(json.dumps({"job": request["run"], "event": "forked"}))
        else:
            say(json.dumps({"job": request["kill"], "event": "ended", "status": -9}))
    """
    process = RenderProcess(Scripted(script), tmp_path)
    run = process.run("probe", tmp_path, 1 << 20)
    assert (await anext(run))["event"] == "forked"
    await asyncio.wait_for(run.aclose(), 60)
    assert not process._jobs
    await process.close()
