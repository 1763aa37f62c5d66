"""The zygote: imports Manim once, then forks one process for each job.

Speaks JSON lines. Requests on standard input: ``{"run": id, "mode": "probe" | "render",
"folder": path}`` and ``{"kill": id}``. Events on standard output: ``{"ready": true}`` once, then
lines with ``job`` and ``event``: ``forked`` (pid), whatever the job reports, and ``ended``
(exit status, or the signal as a negative number). End of input ends everything.
"""

import json
import os
import selectors
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from desktop.rendering.worker.confine import confine

LONGEST_LINE = 256 * 1024
"""Bytes of an event; a job that writes longer ones is talking nonsense and is cut short."""


@dataclass(slots=True)
class _Child:
    """A job's process and what it has said so far."""

    job: str
    pid: int
    pipe: int
    buffer: bytearray = field(default_factory=bytearray)


class Zygote:
    """The loop of the render process."""

    def __init__(self, requests: int, events: IO[bytes]) -> None:
        self._requests = requests
        self._events = events
        self._selector = selectors.DefaultSelector()
        self._children: dict[str, _Child] = {}
        self._pending = bytearray()

    def run(self) -> None:
        """Serve until standard input ends; then kill what still runs."""
        self._selector.register(self._requests, selectors.EVENT_READ, None)
        self._send({"ready": True})
        open_ = True
        while open_:
            for key, _mask in self._selector.select():
                if key.data is None:
                    open_ = self._read_requests()
                else:
                    self._read_child(key.data)
        for child in tuple(self._children.values()):
            _kill(child.pid)

    def _read_requests(self) -> bool:
        data = os.read(self._requests, 65536)
        self._pending += data
        while b"\n" in self._pending:
            line, _, rest = self._pending.partition(b"\n")
            self._pending = bytearray(rest)
            self._obey(json.loads(line))
        return bool(data)

    def _obey(self, request: dict[str, Any]) -> None:
        if "run" in request:
            self._fork(request)
        elif request.get("kill") in self._children:
            _kill(self._children[request["kill"]].pid)

    def _fork(self, request: dict[str, Any]) -> None:
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            self._selector.close()
            _become_job(write, request["mode"], Path(request["folder"]))
        os.close(write)
        child = _Child(request["run"], pid, read)
        self._children[child.job] = child
        self._selector.register(read, selectors.EVENT_READ, child)
        self._send({"job": child.job, "event": "forked", "pid": pid})

    def _read_child(self, child: _Child) -> None:
        data = os.read(child.pipe, 65536)
        child.buffer += data
        while b"\n" in child.buffer:
            line, _, rest = child.buffer.partition(b"\n")
            child.buffer = bytearray(rest)
            self._forward(child, bytes(line))
        if len(child.buffer) > LONGEST_LINE:
            child.buffer.clear()
        if not data:
            self._reap(child)

    def _forward(self, child: _Child, line: bytes) -> None:
        """Pass an event on under the job's own id, whatever the job's process claims."""
        try:
            event = json.loads(line)
        except ValueError:
            return
        if isinstance(event, dict) and isinstance(event.get("event"), str):
            self._send({**event, "job": child.job})

    def _reap(self, child: _Child) -> None:
        self._selector.unregister(child.pipe)
        os.close(child.pipe)
        _kill(child.pid)  # the pipe is closed: whatever is left of the group has no business
        _pid, status = os.waitpid(child.pid, 0)
        del self._children[child.job]
        self._send(
            {"job": child.job, "event": "ended", "status": os.waitstatus_to_exitcode(status)}
        )

    def _send(self, event: dict[str, Any]) -> None:
        self._events.write(json.dumps(event).encode() + b"\n")
        self._events.flush()


def _kill(pid: int) -> None:
    """Kill a job's whole process group; it became its leader right after the fork.

    Its files need no care: they lie in a folder of its own that is thrown away.
    """
    for send in (os.killpg, os.kill):
        try:
            send(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def _become_job(pipe: int, mode: str, folder: Path) -> None:
    """Turn this fork into a job; never returns."""
    status = 1
    try:
        os.setsid()
        job = json.loads((folder / "job.json").read_text("utf-8"))
        confine(job["confinement"], folder)
        from desktop.rendering.worker.scene import run  # noqa: PLC0415  manim is imported by now

        run(job, mode, folder, pipe)
        status = 0
    except BaseException as error:  # noqa: BLE001  nothing may return into the zygote's loop
        os.write(pipe, json.dumps({"event": "broken", "message": repr(error)}).encode() + b"\n")
    finally:
        os._exit(status)


def serve() -> None:
    """Import Manim, then serve requests on the standard streams."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C at a terminal is the parent's to handle
    events = os.fdopen(os.dup(1), "wb")
    requests = os.dup(0)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)  # whatever Manim prints must not look like events
    import desktop.rendering.worker.scene  # noqa: F401, PLC0415  after the streams are safe

    sys.stdout = sys.stderr
    Zygote(requests, events).run()
