"""Where there is no Core ML, its runtime says so and names the way out."""

import sys
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.coreml.coreml_runtime import CoreMLRuntime
from coreml_stable_diffusion.domain.errors import RuntimeUnavailable
from fakes.packages import FakePackageReader


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has Core ML")
def test_off_macos_the_other_runtime_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuntimeUnavailable, match="take the reference runtime"):
        CoreMLRuntime(FakePackageReader({})).load(tmp_path / "unet.mlpackage")
