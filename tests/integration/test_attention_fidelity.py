"""However attention is written, packages on the reference runtime stay near PyTorch in float32."""

import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.network import build_network
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import (
    AttentionImplementation,
    ConversionPlan,
)
from coreml_stable_diffusion.domain.fidelity import tensor_psnr_db
from coreml_stable_diffusion.domain.inspection import inspect_program
from diffusers import UNet2DConditionModel
from numpy.typing import NDArray
from samples.checkpoints import WIDTH, build_unet, randomised
from samples.conversions import convert_component

LEAST_DB = 45
# 24 x 24 places are 512 and 64 over, so that one chunk is smaller than the other.
SIZE = 24
# To themselves and to the texts, in one block down, the middle, and two up.
ATTENTION_LAYERS = 8
Half = NDArray[np.float16]


@pytest.fixture(scope="module", params=[False, True], ids=["convolutions", "linear"])
def checkpoint(
    request: pytest.FixtureRequest, tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A checkpoint with projections as in Stable Diffusion 1, or as in 2."""
    folder = tmp_path_factory.mktemp("checkpoints") / "tiny"
    shutil.copytree(tiny_checkpoint, folder)
    torch.manual_seed(0)
    unet = randomised(build_unet(use_linear_projection=request.param, sample_size=SIZE))
    unet.save_pretrained(folder / "unet")
    return folder


@pytest.fixture(scope="module", params=AttentionImplementation)
def attention(request: pytest.FixtureRequest) -> AttentionImplementation:
    return AttentionImplementation(request.param)


@pytest.fixture(scope="module")
def package(
    checkpoint: Path, attention: AttentionImplementation, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    made = tmp_path_factory.mktemp("packages") / "unet.mlpackage"
    opened = DiffusersFolder().open(str(checkpoint))
    convert_component(opened, Component.UNET, ConversionPlan(attention=attention), made)
    return made


@pytest.mark.parametrize("mode", Mode)
def test_a_unet_is_near(package: Path, checkpoint: Path, mode: Mode) -> None:
    sample, texts = noise(2, 4, SIZE, SIZE), noise(2, WIDTH, 1, 77)
    times = np.full(2, 500, dtype=np.float16)
    original = UNet2DConditionModel.from_pretrained(checkpoint / "unet").eval()
    inputs = {"sample": sample, "timestep": times, "encoder_hidden_states": texts}

    found = ReferenceRuntime(MlPackageReader(), threads=1, mode=mode).load(package).predict(inputs)

    with torch.no_grad():
        states = wide(texts).squeeze(2).transpose(1, 2)
        wanted = original(wide(sample), wide(times), states).sample.numpy()
    assert tensor_psnr_db(found["noise_pred"].astype(np.float32), wanted) >= LEAST_DB


def test_the_fast_mode_computes_each_attention_as_one(package: Path) -> None:
    network = build_network(package, MlPackageReader().read(package), Mode.FAST)

    kinds = Counter(call.operation for call in network.schedule.calls)
    layers = kinds["fused.attention"] + kinds["fused.split_attention"]
    assert layers == ATTENTION_LAYERS
    assert not kinds.keys() & {"softmax", "matmul", "einsum"}


def test_the_program_tells_which_attention_it_has(
    package: Path, attention: AttentionImplementation
) -> None:
    assert inspect_program(MlPackageReader().read(package)).attention == attention.value


def noise(*shape: int) -> Half:
    return np.random.default_rng(5).standard_normal(shape).astype(np.float16)


def wide(array: Half) -> torch.Tensor:
    return torch.from_numpy(array.astype(np.float32))
