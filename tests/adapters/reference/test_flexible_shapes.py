"""Packages whose inputs have ranges of shapes or several shapes, beside PyTorch."""

import importlib.util
from pathlib import Path
from typing import Any

import coremltools as ct
import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.openvino.runtime import OpenVinoRuntime
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.domain.errors import PredictionError
from coreml_stable_diffusion.domain.ports.networks import NetworkRuntime
from numpy.typing import NDArray
from samples.modules import randomised
from samples.packages import trace
from torch import Tensor, nn
from torch.nn import functional

DEFAULT = (1, 8, 6, 5)


RUNTIMES = [
    *(ReferenceRuntime(MlPackageReader(), mode=mode) for mode in Mode),
    pytest.param(
        OpenVinoRuntime(MlPackageReader()),
        marks=pytest.mark.skipif(
            importlib.util.find_spec("openvino") is None,
            reason="the extra openvino is not installed",
        ),
    ),
]


class _Network(nn.Module):
    """Convolutions, a residual, group norm, attention over places and sums, at any size."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(8, 8, 3, padding=1), nn.Conv2d(8, 8, 1)
        self.norm = nn.GroupNorm(4, 8)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.second(functional.silu(self.norm(self.first(x))))
        places = x.flatten(2)
        turned = places.transpose(1, 2)
        attended = (turned @ places * 0.1).softmax(-1) @ turned
        result: Tensor = functional.interpolate(x, scale_factor=2).sum((2, 3)) + attended.sum(1)
        return result


@pytest.fixture(scope="module")
def module() -> nn.Module:
    return randomised(_Network())


@pytest.fixture(scope="module", params=["ranges", "a list"])
def package(
    request: pytest.FixtureRequest, module: nn.Module, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    shapes = [DEFAULT, (1, 8, 4, 12)]
    sizes: dict[str, Any] = {
        "ranges": ct.Shape((1, 8, ct.RangeDim(2, 16, 6), ct.RangeDim(2, 64, 5))),
        "a list": ct.EnumeratedShapes(shapes, default=DEFAULT),
    }
    path = tmp_path_factory.mktemp("flexible") / "network.mlpackage"
    ct.convert(
        trace(module, [torch.zeros(DEFAULT)]),
        inputs=[ct.TensorType("x", sizes[request.param], np.float32)],
        outputs=[ct.TensorType("y")],
        minimum_deployment_target=ct.target.macOS14,
        compute_precision=ct.precision.FLOAT32,
        skip_model_load=True,
    ).save(str(path))
    return path


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("shape", [DEFAULT, (1, 8, 4, 12)])
def test_every_shape_that_is_admitted_is_computed(
    shape: tuple[int, ...], runtime: NetworkRuntime, package: Path, module: nn.Module
) -> None:
    x = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    with torch.no_grad():
        expected = module(torch.from_numpy(x)).numpy()

    network = runtime.load(package)
    computed: NDArray[Any] = network.predict({"x": x})["y"]
    np.testing.assert_allclose(computed, expected, rtol=1e-4, atol=1e-4)


def test_another_shape_is_refused(package: Path) -> None:
    network = ReferenceRuntime(MlPackageReader()).load(package)

    with pytest.raises(PredictionError, match="input x has shape"):
        network.predict({"x": np.zeros((1, 8, 1, 5), np.float32)})
