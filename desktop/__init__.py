"""Proofreel: a desktop studio for animated explanation videos.

The architecture in one sentence: domain values at the bottom; small adapters that each own one
outside thing; engines that know no adapter's library; services that are the only verbs a window
or the command line may call; windows; one module that wires.

Layers, top first (enforced by the import contracts in ``pyproject.toml``)::

    __main__ | app | cli > ui > services > playback > rendering | storage > config > domain

- ``domain``     frozen values, enums and pure functions; standard library only
- ``config``     where files live, settings, logging
- ``storage``    SQLite and files; the only speaker of SQL
- ``rendering``  the storyboard language, its compiler, and the processes that run Manim
- ``playback``   decoding and frame arithmetic for the viewer; no Qt
- ``services``   what a person can do, one class per noun; windows and the command line call these
- ``ui``         the only Qt
- ``app``        the composition root: the only module that may import everything
"""

__version__ = "0.1.0"
