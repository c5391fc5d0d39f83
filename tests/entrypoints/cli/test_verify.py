"""`coreml-sd verify` with real packages."""

import json
import shutil
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.files.verifications import LocalVerifications
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.mil.value import StoredWeight
from coreml_stable_diffusion.entrypoints.cli.main import app
from typer.testing import CliRunner, Result


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["verify", *map(str, arguments), "--steps", "2", "--quiet"])


@pytest.fixture
def packages(tiny_packages: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_packages, tmp_path / "packages"))


def test_packages_are_near_their_checkpoint(packages: Path, tiny_checkpoint: Path) -> None:
    result = run(packages, "--against", tiny_checkpoint, "--swap")

    assert result.exit_code == 0, result.output
    assert "noise_pred" in result.output
    assert "only the UNet" in result.output
    kept = LocalVerifications(LocalWorkspace()).read(packages)
    assert kept is not None
    assert all(each.psnr_db >= 45 for each in kept.components)
    assert kept.picture_psnr_db >= 45
    assert min(kept.swaps.values()) >= 45


def test_a_package_under_the_threshold_is_named(packages: Path, tiny_checkpoint: Path) -> None:
    unet = next(packages.glob("*_unet.mlpackage"))
    compressed = CliRunner().invoke(app, ["compress", str(unet), "--nbits", "1", "--in-place"])
    assert compressed.exit_code == 0, compressed.output

    result = run(packages, "--against", tiny_checkpoint, "--json")

    assert result.exit_code == 1
    assert "Under 35 dB: UNet:" in result.stderr
    document = json.loads(result.stdout)
    assert not document["passed"]
    (found,) = (each for each in document["components"] if each["component"] == "unet")
    assert found["outputs"][0]["psnr_db"] < 35


@pytest.mark.parametrize(
    ("threshold", "problem"),
    [
        ("nan", "nan is not a finite number"),
        ("inf", "inf is not a finite number"),
        ("-5", "-5 dB is less than 0, which all pass"),
    ],
)
def test_a_threshold_that_nothing_can_be_held_to_is_refused(
    threshold: str, problem: str, tmp_path: Path
) -> None:
    result = run(tmp_path, "--threshold", threshold)

    assert (result.exit_code, result.stderr) == (2, f"coreml-sd: --threshold: {problem}\n")


def test_the_operation_with_a_broken_weight_is_named(packages: Path, tiny_checkpoint: Path) -> None:
    [package] = packages.glob("*_unet.mlpackage")
    broken = "network_mid_block_resnets_0_conv1_weight_to_fp16"
    break_weight(package, broken)

    result = run(packages, "--against", tiny_checkpoint)

    assert result.exit_code == 1
    kept = LocalVerifications(LocalWorkspace()).read(packages)
    assert kept is not None
    [departure] = (each.departure for each in kept.components if each.departure is not None)
    assert broken in departure.weights
    assert "Where packages first leave PyTorch" in result.output


def break_weight(package: Path, name: str) -> None:
    """Write its numbers again, larger and in another order."""
    [operation] = (
        each
        for each in MlPackageReader().read(package).main_function.body.operations
        if each.outputs[0].name == name
    )
    weight = operation.attributes["val"]
    assert isinstance(weight, StoredWeight)
    numbers = weight.array()
    [file] = package.rglob("weight.bin")
    other = (20 * numbers[::-1]).astype(numbers.dtype)
    file.write_bytes(file.read_bytes().replace(numbers.tobytes(), other.tobytes(), 1))


def test_what_was_not_converted_stands_in_from_the_checkpoint(
    tiny_checkpoint: Path, tmp_path: Path
) -> None:
    converted = CliRunner().invoke(
        app,
        [
            *("convert", str(tiny_checkpoint), "-o", str(tmp_path / "some"), "--quiet"),
            *("--components", "vae_encoder", "--check-output-correctness"),
        ],
    )

    assert converted.exit_code == 0, converted.output
    kept = LocalVerifications(LocalWorkspace()).read(tmp_path / "some")
    assert kept is not None
    assert [each.component for each in kept.components] == [Component.VAE_ENCODER]
    assert kept.picture_psnr_db == float("inf")


def test_a_checkpoint_that_is_gone_is_asked_for(packages: Path) -> None:
    result = run(packages, "--against", "nowhere")

    assert result.exit_code == 2
    assert "say with --against where the checkpoint is" in result.stderr
