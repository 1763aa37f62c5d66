"""boto3 clients for local servers: never a retry of their own, never a file of the account."""

import functools
from typing import Any

import boto3
from botocore.config import Config

from tests.s3.signature import Credential


@functools.cache
def _session() -> boto3.session.Session:
    """One for all: reading the models takes longer than a test."""
    return boto3.session.Session()


def client_for(
    endpoint: str,
    keys: Credential,
    ca_file: str = "",
    *,
    region: str = "us-east-1",
    config: Config | None = None,
    **values: Any,
) -> Any:
    """Return a client of one endpoint; ``config`` is merged over what tests want."""
    usual = Config(
        s3={"addressing_style": "path"},
        retries={"mode": "standard", "total_max_attempts": 1},
        connect_timeout=5,
        read_timeout=10,
    )
    return _session().client(
        "s3",
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id=keys.key_id,
        aws_secret_access_key=keys.secret,
        aws_session_token=keys.token or None,
        verify=ca_file or None,
        config=usual.merge(config) if config else usual,
        **values,
    )
