"""What a client is made with means the same as botocore's own, and takes less time."""

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.utils import parse_timestamp

from desktop.cloud.session import Account, moment
from desktop.domain.transfers import Destination


@pytest.mark.parametrize(
    "told",
    [
        "2026-11-25T15:00:00.000Z",
        "2026-11-25T15:00:00.123456Z",
        "2026-11-25T15:00:00Z",
        "20261125T150000Z",
        "2026-11-25T15:00:00+01:00",
        "Wed, 25 Nov 2026 15:00:00 GMT",
        1795618800,
        "1795618800.5",
    ],
)
def test_times_are_read_as_botocore_reads_them(told: Any) -> None:
    assert moment(told).timestamp() == parse_timestamp(told).timestamp()


def test_what_is_no_time_is_refused_as_botocore_refuses_it() -> None:
    with pytest.raises(ValueError, match="Invalid timestamp"):
        moment("soonZ")


def test_a_client_reads_times_that_way(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noted(told: str) -> Any:
        read.append(told)
        return parse_timestamp(told)

    monkeypatch.setattr("desktop.cloud.session.moment", noted)
    client = Account(Destination("d", "Films", "films", "us-east-1")).client()
    parsed: Mapping[str, Any] = client._endpoint._response_parser_factory.create_parser(
        "rest-xml"
    ).parse(
        {
            "headers": {"Last-Modified": "Wed, 25 Nov 2026 15:00:00 GMT"},
            "status_code": 200,
            "body": b"",
            "context": {},
        },
        client.meta.service_model.operation_model("HeadObject").output_shape,
    )
    assert read == ["Wed, 25 Nov 2026 15:00:00 GMT"]
    assert parsed["LastModified"] == parse_timestamp(read[0])
