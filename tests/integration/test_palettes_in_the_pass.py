"""Converting to palettes at once gives what converting and then compressing gives."""

import shutil
from pathlib import Path

import attrs
import pytest
import torch
from coreml_stable_diffusion import convert
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.compression.palettization import Palettization
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.coreml.deployment_target import DeploymentTarget
from coreml_stable_diffusion.domain.errors import ConversionFailed
from coreml_stable_diffusion.entrypoints.container import Container
from coreml_stable_diffusion.entrypoints.settings import Settings
from safetensors.torch import load_file, save_file

UNET = ConversionPlan(components=(Component.UNET,))
NEWER = attrs.evolve(UNET, deployment_target=DeploymentTarget.IOS18)


def files(package: Path) -> dict[str, bytes]:
    found = (path for path in package.rglob("*") if path.is_file())
    return {path.relative_to(package).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize(
    ("plan", "palettization"),
    [
        (UNET, Palettization(bits=6)),
        (NEWER, Palettization(bits=4, group_size=16)),
    ],
)
def test_the_package_is_the_one_that_compressing_makes(
    plan: ConversionPlan, palettization: Palettization, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    at_once, afterwards = tmp_path / "at once", tmp_path / "afterwards"
    convert(tiny_checkpoint, at_once, attrs.evolve(plan, palettization=palettization), quiet=True)
    convert(tiny_checkpoint, afterwards, plan, quiet=True)
    package = Component.UNET.package_name("tiny")
    dense = sum(map(len, files(afterwards / package).values()))

    Container(settings=Settings.from_environment(quiet=True)).compress()(
        afterwards / package, palettization, in_place=True
    )

    assert files(at_once / package) == files(afterwards / package)
    assert sum(map(len, files(at_once / package).values())) < dense * 0.75


def test_a_weight_that_is_no_number_is_refused_by_its_name(
    tiny_checkpoint: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny_checkpoint, tmp_path / "sick")
    file = tmp_path / "sick" / "unet" / "diffusion_pytorch_model.safetensors"
    weights = load_file(file)
    weights["up_blocks.0.resnets.0.conv1.weight"][0, 0, 0, 0] = torch.nan
    save_file(weights, file)
    plan = attrs.evolve(UNET, palettization=Palettization(bits=6))

    with pytest.raises(ConversionFailed, match=r"up_blocks_0_resnets_0_conv1_weight.*1 of its"):
        convert(tmp_path / "sick", tmp_path / "packages", plan, quiet=True)

    assert not list((tmp_path / "packages").glob("*.mlpackage"))
