"""Profiles of AWS's tools are listed by name, whatever else their files hold."""

from pathlib import Path

import pytest

from desktop.config.aws_profiles import profile_names

CONFIG = """
[default]
region = eu-central-1
s3 =
    max_concurrent_requests = 20

[profile studio]
sso_session = team

[profile "two words"]
region = us-east-1

[sso-session team]
sso_region = eu-central-1

[services local]
[plugins]
"""

KEYS = """
[old-keys]
aws_access_key_id = test
[studio]
aws_access_key_id = test
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return tmp_path / "config"


def test_there_may_be_none(config: Path) -> None:
    assert profile_names() == ()


def test_both_files_are_read_and_what_is_no_profile_is_left_out(config: Path) -> None:
    config.write_text(CONFIG, "utf-8")
    config.with_name("credentials").write_text(KEYS, "utf-8")
    assert profile_names() == ("default", "old-keys", "studio", "two words")


def test_they_are_looked_for_at_home_when_nothing_else_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_CONFIG_FILE", raising=False)
    monkeypatch.delenv("AWS_SHARED_CREDENTIALS_FILE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(CONFIG, "utf-8")
    assert "studio" in profile_names()


@pytest.mark.parametrize("damaged", [b"no section = 1", b"\xff\xfe\x00", b'[profile "open]\n'])
def test_a_damaged_file_hides_only_what_is_in_it(config: Path, damaged: bytes) -> None:
    config.write_bytes(damaged)
    config.with_name("credentials").write_text(KEYS, "utf-8")
    assert profile_names() == ("old-keys", "studio")


def test_a_profile_that_is_there_twice_is_listed_once(config: Path) -> None:
    config.write_text("[profile a]\n[profile a]\n", "utf-8")
    assert profile_names() == ("a",)
