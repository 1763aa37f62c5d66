"""Engines of tests keep what Python compiled, as they do for people: half of their start."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def compiled_code_is_kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("compiled")))
        yield
