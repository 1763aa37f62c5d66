"""The local S3 as a process of its own: prints one line of JSON, serves until it is told to end.

::

    python -m tests.s3 [--port 0] [--tls] [--data FOLDER] [--null] [--bucket NAME] [--faults JSON]

It ends by SIGTERM, SIGINT, or with ``--attached`` when its standard input closes, so that it never
outlives whoever started it. A kill leaves a folder that the next start takes up.
"""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from tests.s3.server import S3Server


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to end."""
    options = _parser().parse_args(arguments)
    server = S3Server(
        options.data,
        port=options.port,
        tls=options.tls,
        null=options.null,
        seed=options.seed,
        region=options.region,
        signed=not options.unsigned,
        verify=not options.trusting,
        md5=not options.no_md5,
        crc64nvme=not options.no_crc64,
        minimum_part=options.minimum_part,
    )
    for name in options.bucket:
        server.create_bucket(name)
    server.faults.update(json.loads(options.faults))
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    with server:
        about = {"endpoint": server.endpoint, "port": server.port, "ca_file": server.ca_file}
        about |= {"pid": os.getpid(), "folder": str(server.folder)}
        sys.stdout.write(json.dumps(about) + "\n")
        sys.stdout.flush()
        if options.attached:
            threading.Thread(target=_until_closed, args=(done,), daemon=True).start()
        done.wait()
    return 0


def _until_closed(done: threading.Event) -> None:
    while os.read(0, 4096):
        pass
    done.set()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.s3")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--data", type=Path, help="where everything is kept; default: temporary")
    parser.add_argument("--bucket", action="append", default=[], help="made at the start")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", default="{}", help="fields of Faults, as JSON")
    parser.add_argument("--minimum-part", type=int, default=5 << 20)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--null", action="store_true", help="throw bytes away")
    parser.add_argument("--unsigned", action="store_true", help="demand no signatures")
    parser.add_argument("--trusting", action="store_true", help="compare no checksums")
    parser.add_argument("--no-md5", action="store_true", help="ETags that are no MD5")
    parser.add_argument("--no-crc64", action="store_true", help="compute no CRC64NVME of its own")
    parser.add_argument("--attached", action="store_true", help="end when standard input closes")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
