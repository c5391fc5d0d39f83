"""What the environment decides."""

from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.reference.device import Device
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.entrypoints.settings import RuntimeChoice, Settings


def test_the_cache_follows_xdg_on_linux(tmp_path: Path) -> None:
    settings = Settings.from_environment({"XDG_CACHE_HOME": str(tmp_path)}, platform="linux")

    assert settings.cache == tmp_path / "coreml-sd"


def test_the_cache_is_in_the_library_on_a_mac(tmp_path: Path) -> None:
    settings = Settings.from_environment({"XDG_CACHE_HOME": str(tmp_path)}, platform="darwin")

    assert settings.cache == Path.home() / "Library" / "Caches" / "coreml-sd"


def test_the_cache_is_in_the_home_folder_otherwise() -> None:
    assert Settings.from_environment({}, platform="linux").cache == (
        Path.home() / ".cache" / "coreml-sd"
    )


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_an_own_cache_goes_before_all_others(tmp_path: Path, platform: str) -> None:
    environment = {"COREML_SD_CACHE": str(tmp_path), "XDG_CACHE_HOME": "/elsewhere"}

    assert Settings.from_environment(environment, platform=platform).cache == tmp_path


def test_threads_are_left_to_pytorch_unless_they_are_set() -> None:
    assert Settings.from_environment({}).threads is None
    assert Settings.from_environment({"COREML_SD_THREADS": "3"}).threads == 3


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5"])
def test_threads_that_are_no_number_are_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="COREML_SD_THREADS"):
        Settings.from_environment({"COREML_SD_THREADS": text})


@pytest.mark.parametrize(
    ("choice", "platform", "expected"),
    [
        (RuntimeChoice.AUTO, "darwin", "coreml"),
        (RuntimeChoice.AUTO, "linux", "reference"),
        (RuntimeChoice.COREML, "linux", "coreml"),
        (RuntimeChoice.REFERENCE, "darwin", "reference"),
    ],
)
def test_auto_is_core_ml_only_on_a_mac(choice: RuntimeChoice, platform: str, expected: str) -> None:
    settings = Settings.from_environment({}, runtime=choice, platform=platform)

    assert settings.runtime.value == expected


def test_the_device_is_the_processor_unless_it_is_set() -> None:
    environment = {"COREML_SD_DEVICE": "cuda"}

    assert Settings.from_environment({}).device is Device.CPU
    assert Settings.from_environment(environment).device is Device.CUDA
    assert Settings.from_environment(environment, device=Device.MPS).device is Device.MPS


def test_an_unknown_device_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(InvalidRequest, match=r"COREML_SD_DEVICE.*'tpu'; take cpu, cuda, mps"):
        Settings.from_environment({"COREML_SD_DEVICE": "tpu"})
