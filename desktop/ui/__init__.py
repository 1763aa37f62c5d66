"""Windows: the only part of Proofreel that knows Qt.

A page receives services to act and a ``Shell`` to speak to the person; it never imports storage
or rendering. Domain events reach widgets as signals of ``bridge.EventBridge``; every coroutine is
started by ``tasks.start`` so that it has an owner and a name.
"""
