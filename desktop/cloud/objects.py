"""One bucket with all that transfers ask of it.

``ObjectStore`` is made once per destination and shared by threads; each call blocks and is
carried out once: retries, pacing and bookkeeping are the caller's. Keys are complete, with the
destination's prefix. Failures are raised as ``errors.CloudFault`` whose ``fault`` is a value of
the domain; a call whose ``Line`` was cut raises ``errors.Cut``. In short::

    store = ObjectStore(destination, keys=None, *, connections=32)
    store.close()
    store.use_keys(keys)          # new keys for calls from now on; None: read the profile again
    store.correct_clock(offset)   # Fault.clock_offset of a CLOCK fault
    store.follow_region(region)   # Fault.region of a REGION fault

    line = Line()                 # one per call that may be cut short; line.cut() from any thread
    line.moved_at                 # time.monotonic() of the last byte that moved: stalls

    body = PartBody(fd, offset, size, line, gate=None, moved=None)     # body.py
        gate:  Gate, .grant(wanted) -> (bytes that may go now, seconds until to ask again)
        moved: called with bytes given to the socket; negative when the body is rewound
        raises SourceShort (a CloudFault, SOURCE_CHANGED) when the file ends too early

    store.put_whole(key, body, description, *, replace) -> Completed
    store.create(key, description, kind) -> Upload
    store.send_part(upload, number, body, checksum="") -> Part   # computes the checksum if empty
    store.list_parts(upload) -> PartList
    store.list_uploads(prefix="") -> tuple[PendingUpload, ...]
    store.complete(upload, parts, *, checksum, size, replace) -> Completed
    store.abort(upload) -> None                      # repeats until nothing is held
    store.head(key, version_id="") -> Stored
    store.get_range(key, fd, offset, size, line, *, etag="", version_id="", gate, moved) -> Fetched
    store.probe() -> ChecksumKind                    # cached; or told by ObjectStore(..., kind=)
    store.check() -> DestinationCheck
    store.delete(key, version_id="") -> None

``checksums`` has ``of_range(fd, offset, size, kind)``, ``combine(parts, kind)`` over base64
texts and ``etag_of(parts)`` for MD5 mode. ``values`` has the values; both are safe to import
anywhere; this module loads AWS's library.
"""
