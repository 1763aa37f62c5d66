"""The render process itself: one import of Manim, a process for each job, and an end with it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil
import pytest

from desktop.rendering.isolation import ProcessLimits, limits_for
from desktop.rendering.workspace import place, prepare
from tests.rendering.scenes import PROFILE, job

pytestmark = pytest.mark.manim


MOST = 100_000
"""Bytes that a job may print."""


class Talk:
    """A conversation with a render process."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        project = Path(__file__).parents[3]
        environment = ProcessLimits().environment(scratch) | {"PYTHONPATH": str(project)}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "desktop.rendering.worker"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self.hear() == {"ready": True}

    def ask(self, **request: Any) -> None:
        assert self.process.stdin is not None
        request = {"log_bytes": MOST, **request}
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        return dict(json.loads(self.process.stdout.readline()))

    def until_ended(self) -> list[dict[str, Any]]:
        heard = [self.hear()]
        while heard[-1]["event"] != "ended":
            heard.append(self.hear())
        return heard

    def folder(self, body: str) -> str:
        folder = place(self.scratch)
        rules = ProcessLimits().confinement(limits_for(PROFILE, memory=1 << 30, wall_seconds=60))
        prepare(folder, job(body), rules)
        return str(folder)

    def end(self) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        status = self.process.wait(30)
        self.process.stdout.close()
        return status


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    talk = Talk(tmp_path_factory.mktemp("zygote"))
    yield talk
    assert talk.end() == 0


def test_a_job_is_forked_heard_and_ended(talk: Talk) -> None:
    talk.ask(run="a", mode="probe", folder=talk.folder("self.wait(2)"))
    forked, probed, ended = talk.until_ended()
    assert (forked["job"], forked["event"]) == ("a", "forked")
    assert forked["pid"] != talk.process.pid
    assert (probed["event"], probed["frames"]) == ("probed", 30)
    assert ended == {"job": "a", "event": "ended", "status": 0}
    assert not psutil.pid_exists(forked["pid"])


def test_a_job_that_is_killed_ends_by_a_signal(talk: Talk) -> None:
    talk.ask(run="b", mode="probe", folder=talk.folder("while True: pass"))
    assert talk.hear()["event"] == "forked"
    talk.ask(kill="b")
    assert talk.until_ended() == [{"job": "b", "event": "ended", "status": -9}]


def test_killing_what_never_ran_is_passed_over(talk: Talk) -> None:
    talk.ask(kill="nobody")
    talk.ask(run="c", mode="probe", folder=talk.folder("self.wait(1)"))
    assert talk.until_ended()[-1]["status"] == 0


def test_two_jobs_run_beside_each_other(talk: Talk) -> None:
    talk.ask(run="slow", mode="probe", folder=talk.folder("import time\ntime.sleep(600)"))
    talk.ask(run="quick", mode="probe", folder=talk.folder("self.wait(1)"))
    heard = talk.until_ended()
    assert heard[-1]["job"] == "quick"
    talk.ask(kill="slow")
    assert talk.until_ended()[-1]["job"] == "slow"


@pytest.mark.parametrize("event", ["forked", "ended", "died"])
def test_a_job_is_not_believed_about_what_only_the_zygote_knows(talk: Talk, event: str) -> None:
    body = f"""
import os, json
for fd in range(3, 20):
    try: os.write(fd, json.dumps({{"event": "{event}", "job": "x", "status": 7}}).encode() + b"\\n")
    except OSError: pass
self.wait(1)
"""
    talk.ask(run="liar", mode="probe", folder=talk.folder(body))
    heard = talk.until_ended()
    assert [each["event"] for each in heard] == ["forked", "probed", "ended"]
    assert {each["job"] for each in heard} == {"liar"}
    assert heard[-1]["status"] == 0


def test_a_job_whose_folder_is_gone_says_so(talk: Talk) -> None:
    talk.ask(run="lost", mode="probe", folder=str(talk.scratch / "nowhere"))
    heard = talk.until_ended()
    assert [each["event"] for each in heard] == ["forked", "broken", "ended"]
    assert heard[-1]["status"] != 0


def test_the_end_of_its_input_ends_every_job(tmp_path: Path) -> None:
    talk = Talk(tmp_path)
    talk.ask(run="slow", mode="probe", folder=talk.folder("import time\ntime.sleep(600)"))
    pid = talk.hear()["pid"]
    assert talk.end() == 0
    assert not psutil.pid_exists(pid)


def test_a_job_shares_no_configuration_with_the_next(talk: Talk) -> None:
    changed = "config.frame_rate = 60\nconfig.frame_width = 3\nSquare.set_default(color=RED)"
    talk.ask(run="d", mode="probe", folder=talk.folder(changed))
    talk.until_ended()
    check = f"assert config.frame_rate == {asdict(PROFILE)['fps']}\nassert config.frame_width > 14"
    talk.ask(run="e", mode="probe", folder=talk.folder(check))
    assert talk.until_ended()[1]["event"] == "probed"
    assert talk.scratch.is_dir()


def printed(talk: Talk, body: str, folder: str = "") -> str:
    folder = folder or talk.folder(body)
    talk.ask(run="talker", mode="probe", folder=folder)
    talk.until_ended()
    return (Path(folder) / "log.txt").read_text()


def test_the_last_words_of_a_job_are_kept_however_it_ends(talk: Talk) -> None:
    body = "import os\nos.write(1, b'first,')\nos.write(2, b'last')\nos._exit(3)"
    assert printed(talk, body) == "first,last"


def test_a_job_can_print_no_more_than_it_may(talk: Talk) -> None:
    folder = talk.folder("import os\nwhile True: os.write(1, b'x' * 1_000_000)")
    talk.ask(run="flood", mode="probe", folder=folder)
    assert talk.hear()["event"] == "forked"
    log = Path(folder) / "log.txt"
    while not log.exists() or log.stat().st_size <= MOST:
        time.sleep(0.01)
    time.sleep(0.2)
    talk.ask(kill="flood")
    talk.until_ended()
    assert log.stat().st_size == MOST + 1
    assert "other" in printed(talk, "print('other')")


def test_what_a_job_prints_comes_after_what_an_earlier_one_did(talk: Talk) -> None:
    folder = talk.folder("print('again')")
    assert printed(talk, "", folder) == "again\n"
    assert printed(talk, "", folder) == "again\nagain\n"


@pytest.mark.parametrize("trap", ["link", "second name", "pipe", "folder"])
def test_a_log_that_is_no_plain_file_of_the_job_is_left_alone(talk: Talk, trap: str) -> None:
    folder = Path(talk.folder("print('again')"))
    other, log = folder / "precious", folder / "log.txt"
    other.write_text("precious")
    makers: dict[str, Callable[[], None]] = {
        "link": lambda: log.symlink_to(other),
        "second name": lambda: log.hardlink_to(other),
        "pipe": lambda: os.mkfifo(log),
        "folder": log.mkdir,
    }
    makers[trap]()
    talk.ask(run="trapped", mode="probe", folder=str(folder))
    assert talk.until_ended()[-1]["status"] == 0
    assert other.read_text() == "precious"
