"""Who signs and when: keys, profiles and clocks that change under a client in use."""

import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.cloud.calls import Calls
from desktop.cloud.credentials import AccessKeys
from desktop.cloud.errors import CloudFault
from desktop.cloud.session import Account
from desktop.config.keychain import Secret
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import Destination, Encryption
from tests.cloud.conftest import Answers


def signed(answers: Answers) -> str:
    """Return how the newest request was signed."""
    return text(answers.requests[-1].headers["Authorization"])


def text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def by_profile(name: str = "work", **settings: str) -> Calls:
    destination = Destination("films", "Films", "films", profile=name, **settings)  # type: ignore[arg-type]
    return Calls(destination, None, 4)


@pytest.fixture
def works(answers: Answers) -> Answers:
    return answers.then(200)


def test_new_keys_count_from_the_next_request_on(calls: Calls, works: Answers) -> None:
    calls("HeadBucket")
    assert "Credential=test-key/" in signed(works)
    token = Secret("test-token")
    calls.use_keys(AccessKeys("other-test-key", Secret("other-test-secret"), token))
    calls("HeadBucket")
    assert "Credential=other-test-key/" in signed(works)
    assert works.requests[-1].headers["X-Amz-Security-Token"] == b"test-token"


def test_a_destination_without_keys_says_so(destination: Destination, works: Answers) -> None:
    with pytest.raises(CloudFault) as raised:
        Calls(destination, None, 4)("HeadBucket")
    assert raised.value.fault.kind is FaultKind.CREDENTIALS
    assert raised.value.fault.message == "There are no keys for “Films”."
    assert not works.requests


def test_a_missing_profile_is_named(works: Answers) -> None:
    with pytest.raises(CloudFault) as raised:
        by_profile("studio")("HeadBucket")
    assert raised.value.fault.kind is FaultKind.CREDENTIALS
    assert "“studio”" in raised.value.fault.message


def test_a_profile_brings_its_keys_and_its_region(
    works: Answers, profile_file: Callable[[str], None]
) -> None:
    profile_file(
        "[profile work]\nregion = eu-west-3\naws_access_key_id = test-profile-key\n"
        "aws_secret_access_key = test-profile-secret\n"
    )
    calls = by_profile()
    calls("HeadBucket")
    assert "Credential=test-profile-key/" in signed(works)
    assert calls.account.region == "eu-west-3"
    assert "/eu-west-3/s3/" in signed(works)


def test_a_profile_that_was_renewed_elsewhere_is_read_again(
    works: Answers, profile_file: Callable[[str], None]
) -> None:
    text = "[profile work]\naws_access_key_id = {}\naws_secret_access_key = test-secret\n"
    profile_file(text.format("old-test-key"))
    calls = by_profile()
    calls("HeadBucket")
    profile_file(text.format("new-test-key"))
    calls("HeadBucket")
    assert "Credential=old-test-key/" in signed(works)
    calls.use_keys(None)
    calls("HeadBucket")
    assert "Credential=new-test-key/" in signed(works)


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell script")
def test_a_profile_may_ask_a_program_for_its_keys(
    works: Answers, profile_file: Callable[[str], None], tmp_path: Path
) -> None:
    program = tmp_path / "keys"
    program.write_text(
        '#!/bin/sh\necho \'{"Version": 1, "AccessKeyId": "test-process-key", '
        '"SecretAccessKey": "test-secret"}\'\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    profile_file(f"[profile work]\ncredential_process = {program}\n")
    by_profile()("HeadBucket")
    assert "Credential=test-process-key/" in signed(works)


def test_a_sign_in_that_is_over_asks_to_sign_in_again(
    works: Answers,
    profile_file: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    profile_file(
        "[profile work]\nsso_session = films\nsso_account_id = 111122223333\n"
        "sso_role_name = editor\n[sso-session films]\nsso_region = eu-west-3\n"
        "sso_start_url = https://localhost/start\n"
    )
    with pytest.raises(CloudFault) as raised:
        by_profile()("HeadBucket")
    assert raised.value.fault.kind is FaultKind.EXPIRED
    assert "aws sso login --profile work" in raised.value.fault.remedy


def test_a_login_that_is_over_names_the_command_that_renews_it(
    works: Answers,
    profile_file: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    profile_file("[profile work]\nlogin_session = arn:aws:iam::111122223333:user/editor\n")
    with pytest.raises(CloudFault) as raised:
        by_profile()("HeadBucket")
    assert raised.value.fault.kind is FaultKind.EXPIRED
    assert "“aws login --profile work”" in raised.value.fault.remedy


def test_a_profile_that_would_ask_at_a_terminal_is_refused(
    works: Answers, profile_file: Callable[[str], None]
) -> None:
    profile_file(
        "[profile work]\nrole_arn = arn:aws:iam::111122223333:role/editor\n"
        "mfa_serial = arn:aws:iam::111122223333:mfa/editor\nsource_profile = base\n"
        "[profile base]\naws_access_key_id = test-key\naws_secret_access_key = test-secret\n"
    )
    with pytest.raises(CloudFault) as raised:
        by_profile()("HeadBucket")
    assert raised.value.fault.kind is FaultKind.CREDENTIALS
    assert "one-time code" in raised.value.fault.message


def test_without_any_region_a_bucket_is_asked_for_where_all_are_known(
    keys: AccessKeys, works: Answers
) -> None:
    account = Account(Destination("films", "Films", "films"), keys)
    assert account.region == "us-east-1"


def test_a_region_is_followed_with_the_next_request(calls: Calls, works: Answers) -> None:
    calls("HeadBucket")
    assert "/eu-central-1/s3/" in signed(works)
    calls.account.follow_region("sa-east-1")
    calls("HeadBucket")
    assert "/sa-east-1/s3/" in signed(works)


@pytest.mark.parametrize("hours", [-5, 0, 3])
def test_signatures_are_dated_by_the_services_clock(
    calls: Calls, works: Answers, hours: int
) -> None:
    calls.account.correct_clock(hours * 3600)
    calls("HeadBucket")
    dated = text(works.requests[-1].headers["X-Amz-Date"])
    moment = datetime.strptime(dated, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert abs(moment - datetime.now(UTC) - timedelta(hours=hours)) < timedelta(seconds=5)


def test_bodies_are_not_hashed_for_the_signature_even_without_tls(
    calls: Calls, works: Answers
) -> None:
    calls("PutObject", Key="a", Body=b"film")
    headers = works.requests[-1].headers
    assert headers["X-Amz-Content-SHA256"] == b"UNSIGNED-PAYLOAD"
    assert not [name for name in headers if "checksum" in name.lower() or "trailer" in name.lower()]


def test_buckets_are_named_in_the_path_where_that_is_wanted(
    destination: Destination, keys: AccessKeys, works: Answers
) -> None:
    Calls(destination, keys, 4)("HeadBucket")
    assert works.requests[-1].url == "http://localhost:9/films"
    Calls(Destination("d", "Films", "films", "eu-central-1"), keys, 4)("HeadBucket")
    assert works.requests[-1].url == "https://films.s3.eu-central-1.amazonaws.com/"


def test_an_address_that_is_none_is_a_wrong_setting(keys: AccessKeys) -> None:
    broken = Destination("d", "Films", "films", endpoint_url="not an address")
    with pytest.raises(CloudFault) as raised:
        Calls(broken, keys, 4)("HeadBucket")
    assert raised.value.fault.kind is FaultKind.INVALID


def test_a_name_that_no_bucket_can_have_is_a_wrong_setting(
    keys: AccessKeys, works: Answers
) -> None:
    broken = Destination("d", "Films", "Films & more", endpoint_url="http://localhost:9")
    with pytest.raises(CloudFault) as raised:
        Calls(broken, keys, 4)("HeadBucket")
    assert raised.value.fault.kind is FaultKind.INVALID
    assert "“Films & more” cannot be the name" in raised.value.fault.message
    assert not works.requests


def encrypted(encryption: Encryption, keys: AccessKeys, kms: str = "") -> Calls:
    destination = Destination(
        "d", "Films", "films", "eu-central-1", encryption=encryption, kms_key_id=kms
    )
    return Calls(destination, keys, 4)


def sent(answers: Answers) -> dict[str, str]:
    """Return what the newest request says of encryption."""
    headers = answers.requests[-1].headers
    return {
        name.lower().removeprefix("x-amz-server-side-encryption"): text(value)
        for name, value in headers.items()
        if "encryption" in name.lower()
    }


@pytest.mark.parametrize(
    ("encryption", "kms", "said"),
    [
        (Encryption.DEFAULT, "", {}),
        (Encryption.S3, "", {"": "AES256"}),
        (Encryption.KMS, "", {"": "aws:kms"}),
        (Encryption.KMS, "alias/films", {"": "aws:kms", "-aws-kms-key-id": "alias/films"}),
    ],
)
def test_encryption_is_asked_for_when_an_object_is_made_and_only_then(
    keys: AccessKeys, works: Answers, encryption: Encryption, kms: str, said: dict[str, str]
) -> None:
    calls = encrypted(encryption, keys, kms)
    calls("PutObject", Key="a", Body=b"")
    assert sent(works) == said
    calls("UploadPart", Key="a", UploadId="u", PartNumber=1, Body=b"")
    assert sent(works) == {}
    calls("HeadObject", Key="a")
    assert sent(works) == {}


def test_a_customers_key_goes_along_wherever_bytes_are_touched(works: Answers) -> None:
    key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    keys = AccessKeys("test-key", Secret("test-secret"), customer_key=Secret(key))
    calls = encrypted(Encryption.CUSTOMER, keys)
    for operation, more in (
        ("PutObject", {"Body": b""}),
        ("HeadObject", {}),
        ("GetObject", {}),
        ("UploadPart", {"UploadId": "u", "PartNumber": 1, "Body": b""}),
        ("ListParts", {"UploadId": "u"}),
        ("CompleteMultipartUpload", {"UploadId": "u"}),
    ):
        calls(operation, Key="a", **more)
        assert sent(works)["-customer-key"] == key
        assert sent(works)["-customer-algorithm"] == "AES256"
        assert "-customer-key-md5" in sent(works)
    calls("AbortMultipartUpload", Key="a", UploadId="u")
    assert sent(works) == {}


@pytest.mark.parametrize("key", [None, "c2hvcnQ=", "not base64"])
def test_a_customers_key_of_another_length_is_refused_before_anything_is_sent(
    works: Answers, key: str | None
) -> None:
    secret = Secret(key) if key else None
    keys = AccessKeys("test-key", Secret("test-secret"), customer_key=secret)
    with pytest.raises(CloudFault) as raised:
        encrypted(Encryption.CUSTOMER, keys)("PutObject", Key="a", Body=b"")
    assert raised.value.fault.kind is FaultKind.CREDENTIALS
    assert not works.requests


def test_values_and_keys_load_no_library_of_aws(clean_environment: dict[str, str]) -> None:
    """The window's process imports these."""
    code = (
        "import sys, desktop.cloud.credentials, desktop.cloud.values\n"
        "sys.exit(bool({'boto3', 'botocore', 'awscrt', 'urllib3'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], env=clean_environment, check=True)
