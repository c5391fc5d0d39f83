"""The container with everything outside replaced: no network is executed, nothing converted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from coreml_stable_diffusion.entrypoints.container import Container
from dependency_injector import providers
from fakes.networks import FakeNetworkRuntime
from samples.model_folder import sample_runtime, write_model_folder
from samples.scripted_conversion import ScriptedConversion


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the cache of whoever runs it."""
    monkeypatch.setenv("COREML_SD_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    return write_model_folder(tmp_path / "converted")


@pytest.fixture
def runtime() -> Iterator[FakeNetworkRuntime]:
    fake = sample_runtime()
    with Container.network_runtime.override(providers.Object(fake)):
        yield fake


@pytest.fixture
def conversion() -> Iterator[ScriptedConversion]:
    scripted = ScriptedConversion()
    provider = providers.Object(scripted)
    with Container.convert.override(provider), Container.convert_into_cache.override(provider):
        yield scripted
