"""As a process of its own: told what to do by URL, killed, started again, never left behind."""

import hashlib
import http.client
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.s3.process import ROOT, S3Process
from tests.s3.server import S3Server
from tests.s3.steps import Refusal, begin, complete, send

DATA = random.Random(5).randbytes(100_000)


@pytest.fixture
def process(tmp_path: Path) -> Iterator[S3Process]:
    with S3Process(tmp_path / "s3", buckets=("films",), tls=True, minimum_part=10) as server:
        yield server


def test_it_goes_on_where_it_was_killed(process: S3Process) -> None:
    client = process.client()
    client.put_object(Bucket="films", Key="old", Body=DATA, Metadata={"nonce": "n"})
    upload = begin(client)
    first = send(client, upload, 1, DATA)
    process.kill()
    process.start()
    listed = client.list_parts(**upload)["Parts"]
    assert [(part["PartNumber"], part["ETag"]) for part in listed] == [(1, first["ETag"])]
    complete(client, upload, [first, send(client, upload, 2, DATA)])
    looked = client.head_object(Bucket="films", Key="old")
    assert looked["Metadata"] == {"nonce": "n"}
    found = process.object("films", "film")
    assert found["md5"] == hashlib.md5(DATA * 2).hexdigest()
    assert found["size"] == 2 * len(DATA)
    assert process.uploads("films") == []


def test_it_is_told_what_to_do_while_it_runs(process: S3Process) -> None:
    client = process.client()
    process.rule("error", operation="PutObject", times=1, code="InternalError")
    with Refusal() as refusal:
        client.put_object(Bucket="films", Key="film", Body=DATA)
    process.change(faults={"latency": 0.001}, bucket={"name": "far", "region": "eu-west-1"})
    client.put_object(Bucket="films", Key="film", Body=DATA)
    state = process.state()
    assert refusal.code == "InternalError"
    assert state["faults"]["latency"] == 0.001
    assert state["account"]["statuses"] == {"500": 1, "200": 1}
    assert state["buckets"]["far"]["region"] == "eu-west-1"
    process.change(clear_account=True, clear_faults=True)
    assert process.account()["receipts"] == []


def test_it_ends_with_whoever_started_it() -> None:
    code = (
        "import os; from tests.s3.process import S3Process;"
        "print(S3Process().start().pid, flush=True); os.kill(os.getpid(), 9)"
    )
    starter = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False
    )
    pid, until = int(starter.stdout), time.monotonic() + 5
    while psutil.pid_exists(pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not psutil.pid_exists(pid)


def test_bytes_can_be_thrown_away_and_still_be_vouched_for(tmp_path: Path) -> None:
    with S3Server(tmp_path, null=True, minimum_part=10) as s3:
        s3.create_bucket("films")
        client = s3.client()
        upload = begin(client, ChecksumAlgorithm="CRC64NVME")
        parts = [send(client, upload, n, DATA, ChecksumAlgorithm="CRC64NVME") for n in (1, 2)]
        done = complete(client, upload, parts)
        assert s3.object("films", "film").crc64nvme == done["ChecksumCRC64NVME"]
        assert s3.object("films", "film").size == 2 * len(DATA)
        assert os.listdir(tmp_path / "bytes") == []  # noqa: PTH208
        with Refusal() as refusal:
            client.get_object(Bucket="films", Key="film")
    assert refusal.code == "NotImplemented"


def test_a_server_that_rests_comes_back_to_the_same_port(s3: S3Server, client: Any) -> None:
    client.put_object(Bucket="films", Key="film", Body=DATA)
    s3.stop()
    s3.start()
    assert client.get_object(Bucket="films", Key="film")["Body"].read() == DATA


def test_the_control_url_is_out_of_reach_of_requests_for_s3(s3: S3Server, client: Any) -> None:
    with Refusal() as refusal:
        client.get_object(Bucket="films", Key="-/state")
    assert refusal.code == "NoSuchKey"
    line = http.client.HTTPConnection("127.0.0.1", s3.port)
    line.request("POST", "/-/control", body=json.dumps({"nonsense": 1}))
    answer = line.getresponse()
    assert (answer.status, "nonsense" in json.load(answer)["error"]) == (400, True)
    line.close()
