"""An authority of the server's own, kept in its folder: a second start is trusted as well."""

import ssl
from pathlib import Path

NAMES = ("127.0.0.1", "localhost", "s3.test", "*.s3.test")


def issued(folder: Path) -> tuple[str, ssl.SSLContext]:
    """Return the file of the authority and what a server needs to speak TLS."""
    ca_file, own_file = folder / "ca.pem", folder / "server.pem"
    if not (ca_file.exists() and own_file.exists()):
        import trustme

        authority = trustme.CA()
        authority.cert_pem.write_to_path(ca_file)
        authority.issue_cert(*NAMES).private_key_and_cert_chain_pem.write_to_path(own_file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_file)
    return str(ca_file), context
