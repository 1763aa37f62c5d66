"""The local S3 in a process of its own, for benchmarks and kill campaigns.

::

    with S3Process(tls=True, null=True, buckets=("films",)) as s3:
        s3.change(faults={"rate": 20 << 20})
        s3.rule("error", operation="UploadPart", code="SlowDown", chance=0.05)
        s3.account()["resent"].get("a.mp4", 0), s3.uploads("films")
        s3.object("films", "a.mp4")["md5"]
"""

import contextlib
import http.client
import json
import signal
import ssl
import subprocess
import sys
import threading
import urllib.parse
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.s3.signature import KEYS

ROOT = Path(__file__).parents[2]


class S3Process:
    """A server process that never outlives this one."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        port: int = 0,
        buckets: Sequence[str] = (),
        **options: Any,
    ) -> None:
        """Prepare; ``options`` are those of ``python -m tests.s3``, such as ``no_md5=True``."""
        self._command = [sys.executable, "-m", "tests.s3", "--attached"]
        if folder:
            self._command += ["--data", str(folder)]
        for name in buckets:
            self._command += ["--bucket", name]
        for name, value in options.items():
            flag = f"--{name.replace('_', '-')}"
            self._command += [flag] if value is True else [flag, str(value)] if value else []
        self.port = port
        self.endpoint = self.ca_file = self.folder = ""
        self.keys = KEYS
        self._process: subprocess.Popen[bytes] | None = None
        self._line: http.client.HTTPConnection | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process; raises RuntimeError while there is none."""
        if self._process is None:
            raise RuntimeError("The server was not started")
        return self._process.pid

    def start(self) -> Self:
        """Start; a second time on the same port."""
        self._process = subprocess.Popen(
            [*self._command, "--port", str(self.port)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout
        about = json.loads(self._process.stdout.readline() or b"{}")
        if not about:
            raise RuntimeError("The server did not start")
        self.port, self.endpoint = about["port"], about["endpoint"]
        self.ca_file, self.folder = about["ca_file"], about["folder"]
        return self

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def close(self) -> None:
        """End it."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        self._hang_up()
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(number)
        process.wait(10)
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def client(self, **values: Any) -> Any:
        """Return a boto3 client."""
        from tests.s3.clients import client_for  # boto3 is not needed to start a process

        return client_for(self.endpoint, self.keys, self.ca_file, **values)

    def state(self) -> dict[str, Any]:
        """Return settings, account and contents."""
        return self._ask("state")

    def account(self) -> dict[str, Any]:
        """Return counts, bytes, and a receipt of every request."""
        return dict(self.state()["account"])

    def totals(self) -> dict[str, int]:
        """Return requests and bytes so far; cheap."""
        return self._ask("totals")

    def uploads(self, bucket: str) -> list[dict[str, Any]]:
        """Return the uploads that are neither completed nor aborted."""
        return list(self.state()["buckets"][bucket]["uploads"])

    def object(self, bucket: str, key: str) -> dict[str, Any]:
        """Return an object with the MD5 and the CRC64NVME of what lies on the disk."""
        return self._ask(f"object?{urllib.parse.urlencode({'bucket': bucket, 'key': key})}")

    def change(self, **values: Any) -> dict[str, Any]:
        """Change what ``control`` knows: ``faults=``, ``bucket=``, ``clear_account=True``, …"""
        return self._ask("control", json.dumps(values).encode())

    def rule(self, effect: str, **values: Any) -> None:
        """Add a rule; see faults.Rule."""
        self.change(rule={"effect": effect, **values})

    def _ask(self, what: str, body: bytes | None = None) -> dict[str, Any]:
        with self._lock:
            try:
                line = self._line = self._line or self._connected()
                line.request("POST" if body else "GET", f"/-/{what}", body=body)
                answer = line.getresponse()
                found = dict(json.loads(answer.read()))
            except BaseException:
                self._hang_up()
                raise
        if answer.status >= 400:
            raise RuntimeError(found.get("error", "The server refuses"))
        return found

    def _connected(self) -> http.client.HTTPConnection:
        if not self.ca_file:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        context = ssl.create_default_context(cafile=self.ca_file)
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=context)

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line:
            line.close()
