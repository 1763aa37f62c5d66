"""Whether a destination can be reached and written to, and what is to be known about it.

A check does once what uploads do all the time, with a small object of its own, and removes it.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from desktop.cloud.calls import Answer, Calls
from desktop.cloud.errors import CloudFault
from desktop.cloud.probing import SAMPLE, Verdict
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Destination, DestinationCheck

_TRIAL = ".proofreel-check-"
"""What the name of an object of a try begins with."""


def trial_key(destination: Destination) -> str:
    """Return a key that nothing else uses."""
    return f"{destination.prefix}{_TRIAL}{secrets.token_hex(6)}"


def is_trial(key: str) -> bool:
    """Tell whether a key was made for a try."""
    return _TRIAL in key


def check(calls: Calls, probe: Callable[[], Verdict]) -> DestinationCheck:
    """Try everything that uploads need; the first thing that fails is told."""
    warnings: list[str] = list(_unsafe(calls))
    try:
        region = _region(calls, warnings)
        verdict = probe()
        _write(calls, warnings)
        warnings += _leftovers(calls)
    except CloudFault as failed:
        fault = _unreached(failed.fault, calls.place("").host)
        return DestinationCheck(ok=False, fault=fault, warnings=tuple(warnings))
    if not verdict.verified:
        host = calls.place("").host
        warnings.append(f"{host} does not verify checksums: damage is noticed only at the end.")
    kind = verdict.kind.value if verdict.verified else ""
    return DestinationCheck(ok=True, region=region, checksums=kind, warnings=tuple(warnings))


def _unreached(fault: Fault, host: str) -> Fault:
    """Say what no answer means where nothing waits for one: the address may be wrong."""
    remedy = "Check the address and the network, then try again."
    if fault.kind is FaultKind.NETWORK:
        return replace(fault, message=f"Nothing can be reached at {host}.", remedy=remedy)
    return replace(fault, remedy=remedy) if fault.kind is FaultKind.TIMEOUT else fault


def _unsafe(calls: Calls) -> Iterator[str]:
    address = urlsplit(calls.destination.endpoint_url)
    near = address.hostname in {"localhost", "127.0.0.1", "::1"}
    if address.scheme == "http" and not near:
        yield f"{address.netloc} is not asked over HTTPS: others on the network can read along."


def _region(calls: Calls, warnings: list[str]) -> str:
    """Return where the bucket is; an account that may only write is let through."""
    try:
        answer = calls("HeadBucket")
    except CloudFault as refused:
        if refused.fault.kind is not FaultKind.DENIED:
            raise
        warnings.append("This account may not list the bucket: unfinished uploads are not found.")
        return calls.account.region
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    return str(headers.get("x-amz-bucket-region") or calls.account.region)


def _write(calls: Calls, warnings: list[str]) -> None:
    """Put an object, see whether it would be overwritten, remove it."""
    key = trial_key(calls.destination)
    calls("PutObject", Key=key, Body=SAMPLE)
    if not _protects(calls, key):
        host = calls.place("").host
        warnings.append(f"{host} cannot refuse to overwrite: we look ourselves, a moment before.")
    try:
        calls("DeleteObject", Key=key)
    except CloudFault:
        warnings.append(f"This account may not delete: remove “{key}” yourself.")


def _protects(calls: Calls, key: str) -> bool:
    """Tell whether putting an object where there is one can be made to fail."""
    try:
        calls("PutObject", Key=key, Body=SAMPLE, IfNoneMatch="*")
    except CloudFault as refused:
        return refused.fault.kind is FaultKind.EXISTS
    return False


def _leftovers(calls: Calls) -> Iterator[str]:
    """Warn when nothing ever removes unfinished uploads; silent where that cannot be read."""
    rules: list[Answer] = []
    try:
        rules = calls("GetBucketLifecycleConfiguration").get("Rules", [])
    except CloudFault as refused:
        if refused.fault.code != "NoSuchLifecycleConfiguration":
            return
    if not any(_aborts(rule, calls.destination.prefix) for rule in rules):
        bucket = calls.destination.bucket
        yield (
            f"Nothing removes what unfinished uploads leave in “{bucket}”: "
            "a lifecycle rule that aborts incomplete multipart uploads would."
        )


def _aborts(rule: Answer, prefix: str) -> bool:
    """Tell whether a rule aborts unfinished uploads of everything below a prefix."""
    bounds = rule.get("Filter", {})
    narrow = bounds.keys() & {"Tag", "And", "ObjectSizeGreaterThan", "ObjectSizeLessThan"}
    start = str(bounds.get("Prefix") or rule.get("Prefix") or "")
    return (
        rule.get("Status") == "Enabled"
        and "AbortIncompleteMultipartUpload" in rule
        and not narrow
        and prefix.startswith(start)
    )
