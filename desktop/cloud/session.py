"""From a destination to a client: who signs, where to, with which patience.

A client is shared by all threads of a destination. What can change under a transfer, changes in
place: keys, the clock, the region. Retries are the transfer machine's; botocore makes one attempt.
"""

import contextlib
import os
import socket
import threading
from datetime import datetime
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.credentials import CredentialProvider, CredentialResolver
from botocore.loaders import Loader
from botocore.session import Session
from botocore.utils import get_environ_proxies, parse_timestamp
from typing_extensions import override

from desktop.cloud.credentials import AccessKeys
from desktop.cloud.errors import CloudFault, fault_of
from desktop.cloud.identity import Clock, Identity, choose_signer
from desktop.cloud.sentences import Place
from desktop.cloud.wire import Wire
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Destination

CONNECTIONS = 36
"""32 transfers at once, and a few questions beside them."""

START = "us-east-1"
"""Where a bucket's region is asked for when nobody has named one: S3 answers for all from here."""

SOCKET_OPTIONS = (
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
)


class _Descriptions(Loader):
    """AWS's descriptions of its services, of which S3's are read without looking for others."""

    @override
    def list_available_services(self, type_name: str) -> list[str]:
        """Return the only service we ask for; a list of all takes 2,700 looks at the disk."""
        return ["s3"]


@cache
def _loader() -> Loader:
    """Return the descriptions: 0.1 s to read, the same for all destinations."""
    return _Descriptions()


def moment(told: Any) -> datetime:  # noqa: ANN401
    """Return a time that a service told; botocore reads any form, but slowly.

    A list of 1,000 parts has one for each: that was most of the time of taking up an upload.
    """
    if isinstance(told, str) and told.endswith("Z"):
        with contextlib.suppress(ValueError):
            return datetime.fromisoformat(told)
    return parse_timestamp(told)


class _Always(CredentialProvider):
    """A provider that has found its credentials already."""

    METHOD = CANONICAL_NAME = "proofreel"

    def __init__(self, identity: Identity) -> None:
        super().__init__()
        self._identity = identity

    @override
    def load(self) -> Identity:
        """Return them."""
        return self._identity


class Account:
    """A client for one destination, and what can be changed about it while it is used."""

    def __init__(
        self,
        destination: Destination,
        keys: AccessKeys | None = None,
        connections: int = CONNECTIONS,
    ) -> None:
        """Nothing is read or asked before the first request."""
        self.destination = destination
        self._clock = Clock()
        self._identity = Identity(destination.profile, keys)
        self._connections = connections
        self._region = destination.region
        self._lock = threading.Lock()
        self._client: Any = None
        self._wire: Wire | None = None

    def client(self) -> Any:  # noqa: ANN401
        """Return the client; raises CloudFault when the settings cannot make one."""
        with self._lock:
            if self._client is None:
                try:
                    self._client = self._make()
                except Exception as error:
                    fault = fault_of(error, Place(self.destination))
                    raise CloudFault(fault) from error
            return self._client

    @property
    def region(self) -> str:
        """The region that requests are signed for."""
        return str(self.client().meta.region_name)

    def use_keys(self, keys: AccessKeys | None) -> None:
        """Sign with other keys from the next request on; None: read the profile again."""
        self._identity.replace(keys)

    def correct_clock(self, offset: float) -> None:
        """Add so many seconds to this computer's time in signatures."""
        self._clock.offset = offset

    def follow_region(self, region: str) -> None:
        """Ask in another region from the next request on."""
        with self._lock:
            self._region = region
            self._client = None

    def close(self) -> None:
        """Close idle connections."""
        with self._lock:
            if self._wire is not None:
                self._wire.close()

    def _make(self) -> Any:  # noqa: ANN401
        session = self._session()
        region = self._region or session.get_config_variable("region") or START
        client = session.create_client(
            "s3",
            region_name=region,
            endpoint_url=self.destination.endpoint_url or None,
            verify=self._certificates(session),
            config=self._config(),
        )
        if self._wire is None:
            self._wire = self._make_wire(session, client.meta.endpoint_url)
        wire = self._wire
        client.meta.events.register("choose-signer.s3", choose_signer(self._clock))
        client.meta.events.register("before-send.s3", lambda request, **_: wire.send(request))
        return client

    def _session(self) -> Session:
        """Return a session of botocore's whose credentials are our identity."""
        session = Session(profile=self.destination.profile or None)
        if self.destination.profile:
            session.get_scoped_config()  # a profile that is missing is told now, in its own words
        resolver = CredentialResolver(providers=[_Always(self._identity)])
        session.register_component("credential_provider", resolver)
        session.register_component("data_loader", _loader())
        parsers = session.get_component("response_parser_factory")
        parsers.set_parser_defaults(timestamp_parser=moment)
        return session

    def _config(self) -> Config:
        path_style = self.destination.path_style
        return Config(
            s3={
                "payload_signing_enabled": False,
                "addressing_style": "path" if path_style else "auto",
            },
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            retries={"mode": "standard", "total_max_attempts": 1},
            max_pool_connections=self._connections,
            connect_timeout=10,
            read_timeout=30,
            tcp_keepalive=True,
            user_agent_extra="proofreel",
        )

    def _certificates(self, session: Session) -> str | bool:
        """Return the file of trusted certificates; True stands for those that botocore brings."""
        configured = session.get_config_variable("ca_bundle")
        path = self.destination.certificates or configured or os.environ.get("REQUESTS_CA_BUNDLE")
        return path or True

    def _make_wire(self, session: Session, url: str) -> Wire:
        certificates = self._certificates(session) if url.startswith("https:") else False
        try:
            return Wire(
                verify=certificates,
                proxies=get_environ_proxies(url),
                timeout=(10, 30),
                max_pool_connections=self._connections,
                socket_options=SOCKET_OPTIONS,
            )
        except OSError as error:
            raise CloudFault(_untrusted(certificates, self.destination)) from error


def _untrusted(path: str | bool, destination: Destination) -> Fault:  # noqa: FBT001
    return Fault(
        FaultKind.CERTIFICATE,
        f"The certificates in “{path}” cannot be read.",
        f"Choose another file in the settings of “{destination.name}”.",
    )
