"""The zygote: imports Manim once, then forks one process for each job.

Speaks JSON lines. Requests on standard input: ``{"run": id, "mode": mode, "folder": path,
"log_bytes": most}``, where ``mode`` is ``probe``, ``render`` or ``inspect``, and ``{"kill": id}``.
Events on standard output: ``{"ready": true}`` once, then lines with ``job`` and ``event``:
``forked`` (pid), whatever the job reports, and ``ended`` (exit status, or the signal as a negative
number). End of input ends everything.
"""

import gc
import json
import os
import selectors
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from desktop.rendering.worker.confine import confine
from desktop.rendering.worker.family import (
    adopt_orphans,
    die_with_parent,
    end_strays,
    ended,
    kill_group,
    kill_job,
)
from desktop.rendering.worker.output import Output

LONGEST_LINE = 256 * 1024
"""Bytes of an event; a job that writes longer ones is talking nonsense and is cut short."""


@dataclass(slots=True)
class _Child:
    """A job's process and what it has said so far."""

    job: str
    pid: int
    pipe: int
    output: Output
    buffer: bytearray = field(default_factory=bytearray)


class Zygote:
    """The loop of the render process."""

    def __init__(self, requests: int, events: IO[bytes], deaths: int) -> None:
        self._requests = requests
        self._events = events
        self._deaths = deaths
        """Readable whenever a process below this one has ended."""
        self._selector = selectors.DefaultSelector()
        self._children: dict[str, _Child] = {}
        self._pending = bytearray()

    def run(self) -> None:
        """Serve until standard input ends; then kill what still runs."""
        self._selector.register(self._requests, selectors.EVENT_READ, None)
        self._selector.register(self._deaths, selectors.EVENT_READ, None)
        try:
            self._send({"ready": True})
            while self._serve_once():
                pass
        except BrokenPipeError:
            pass  # the studio is gone, which is the end of input as well
        finally:
            for child in tuple(self._children.values()):
                kill_job(child.pid)
            self._children.clear()
            end_strays(set())

    def _serve_once(self) -> bool:
        open_ = True
        for key, _mask in self._selector.select():
            if isinstance(key.data, _Child):
                if key.data.job in self._children:  # it may have been closed a moment ago
                    self._read_child(key.data)
            elif isinstance(key.data, Output):
                self._read_output(key.data)
            elif key.fd == self._requests:
                open_ = self._read_requests()
            else:
                os.read(self._deaths, 4096)
                self._reap()
        return open_

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
            kill_job(self._children[request["kill"]].pid)

    def _fork(self, request: dict[str, Any]) -> None:
        folder = Path(request["folder"])
        read, write = os.pipe()
        output = Output(folder, request["log_bytes"])
        pid = os.fork()
        if pid == 0:
            self._forget(read, output)
            _become_job(write, output.write, request["mode"], folder)
        os.close(write)
        os.close(output.write)
        os.set_blocking(read, False)
        child = _Child(request["run"], pid, read, output)
        self._children[child.job] = child
        self._selector.register(read, selectors.EVENT_READ, child)
        self._selector.register(output.read, selectors.EVENT_READ, output)
        self._send({"job": child.job, "event": "forked", "pid": pid})

    def _forget(self, read: int, output: Output) -> None:
        """Close what a fork inherits: a job that held it would keep dead pipes open."""
        self._selector.close()
        own = (read, self._requests, self._events.fileno(), self._deaths)
        for descriptor in own:
            os.close(descriptor)
        for child in self._children.values():
            os.close(child.pipe)
            child.output.forget()
        output.forget()

    def _read_output(self, output: Output) -> None:
        """Keep what a job has printed; one that has printed too much waits for its end."""
        registered = output.read in self._selector.get_map()
        if registered and not output.take():
            self._selector.unregister(output.read)

    def _read_child(self, child: _Child) -> None:
        """Forward what a job has written so far; a job that closes its pipe is at its end."""
        while True:
            try:
                data = os.read(child.pipe, 65536)
            except BlockingIOError:
                return
            if not data:
                self._selector.unregister(child.pipe)
                kill_job(child.pid)
                return
            self._take(child, data)

    def _take(self, child: _Child, data: bytes) -> None:
        child.buffer += data
        while b"\n" in child.buffer:
            line, _, rest = child.buffer.partition(b"\n")
            child.buffer = bytearray(rest)
            self._forward(child, bytes(line))
        if len(child.buffer) > LONGEST_LINE:
            child.buffer.clear()

    def _forward(self, child: _Child, line: bytes) -> None:
        """Pass an event on under the job's own id, whatever the job's process claims."""
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            return
        named = isinstance(event, dict) and isinstance(event.get("event"), str)
        if named and event["event"] not in _OWN_EVENTS and len(line) <= LONGEST_LINE:
            self._send({**event, "job": child.job})

    def _reap(self) -> None:
        """See which jobs have ended; what they leave running ends with them."""
        for pid, status in ended():
            for child in tuple(self._children.values()):
                if child.pid == pid:
                    self._close(child, os.waitstatus_to_exitcode(status))
        end_strays({child.pid for child in self._children.values()})

    def _close(self, child: _Child, status: int) -> None:
        if child.pipe in self._selector.get_map():
            self._read_child(child)
        if child.pipe in self._selector.get_map():  # a process it left behind holds it open
            self._selector.unregister(child.pipe)
        os.close(child.pipe)
        kill_group(child.pid)
        if child.output.read in self._selector.get_map():
            self._selector.unregister(child.output.read)
        child.output.close()
        del self._children[child.job]
        end_strays({other.pid for other in self._children.values()})
        self._send({"job": child.job, "event": "ended", "status": status})

    def _send(self, event: dict[str, Any]) -> None:
        self._events.write(json.dumps(event).encode() + b"\n")
        self._events.flush()


_OWN_EVENTS = frozenset({"forked", "ended", "died"})
"""What only the zygote knows; a job that says so is not believed."""


def _become_job(pipe: int, output: int, mode: str, folder: Path) -> None:
    """Turn this fork into a job; never returns."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        die_with_parent()
        job = json.loads((folder / "job.json").read_text("utf-8"))
        confine(job["confinement"], folder, output)
        from desktop.rendering.worker import inspection, scene  # noqa: PLC0415  imported by now

        if mode == "inspect":
            inspection.run(Path(job["results"]), pipe)
        else:
            scene.run(job, mode, folder, pipe)
        status = 0
    except BaseException as error:  # noqa: BLE001  nothing may return into the zygote's loop
        os.write(pipe, json.dumps({"event": "broken", "message": repr(error)}).encode() + b"\n")
    finally:
        os._exit(status)


def _watch_deaths() -> int:
    """Return a descriptor that becomes readable whenever a process below this one ends."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _signal, _frame: None)
    return read


def serve() -> None:
    """Import Manim, then serve requests on the standard streams."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C at a terminal is the parent's to handle
    events = os.fdopen(os.dup(1), "wb")
    requests = os.dup(0)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)  # whatever Manim prints must not look like events
    from desktop.rendering.worker import inspection, scene  # noqa: F401, PLC0415  streams are safe now

    sys.stdout = sys.stderr
    adopt_orphans()
    gc.collect()
    gc.freeze()  # a job that collects garbage would copy every page with an object on it
    Zygote(requests, events, _watch_deaths()).run()
