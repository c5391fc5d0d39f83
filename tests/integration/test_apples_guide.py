"""The commands of Apple's README and Hugging Face's guide, on a small checkpoint of its own."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.entrypoints.cli.main import app
from PIL import Image
from samples.controlnets import write_controlnet
from samples.packages import trace
from torch import nn
from typer.testing import CliRunner, Result


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(app, [*map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


@pytest.fixture(scope="module")
def converted(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the guide's command makes; nobody may change it."""
    folder = tmp_path_factory.mktemp("guide") / "packages"
    run(
        *("torch2coreml", "--model-version", tiny_checkpoint, "--convert-unet"),
        *("--convert-text-encoder", "--convert-vae-decoder", "--convert-vae-encoder"),
        *("--convert-safety-checker", "--chunk-unet", "--quantize-nbits", "6"),
        *("--attention-implementation", "SPLIT_EINSUM", "--compute-unit", "ALL"),
        *("--bundle-resources-for-swift-cli", "-o", folder),
    )
    return folder


def test_the_tree_is_that_of_apples_tool(converted: Path) -> None:
    stem = "Stable_Diffusion_version_tiny"
    packages = ("text_encoder", "unet", "unet_chunk1", "unet_chunk2", "vae_decoder", "vae_encoder")
    ours = {"pipeline.json", "vocab.json", "merges.txt"}

    assert names(converted) - ours == {
        "Resources",
        f"{stem}_safety_checker.mlpackage",
        *(f"{stem}_{each}.mlpackage" for each in packages),
    }
    assert names(converted / "Resources") - {"pipeline.json"} == {
        "SafetyChecker.mlmodelc",
        "TextEncoder.mlmodelc",
        "Unet.mlmodelc",
        "UnetChunk1.mlmodelc",
        "UnetChunk2.mlmodelc",
        "VAEDecoder.mlmodelc",
        "VAEEncoder.mlmodelc",
        "merges.txt",
        "vocab.json",
    }


def test_a_picture_is_drawn_with_packages_and_with_bundles(converted: Path, tmp_path: Path) -> None:
    pictures = []
    for number, folder in enumerate((converted, converted / "Resources")):
        result = run(
            *("pipeline", "--prompt", "a red circle", "-i", folder, "-o", tmp_path / str(number)),
            *("--num-inference-steps", "2", "--guidance-scale", "5"),
        )
        pictures.append(np.asarray(Image.open(result.stdout.strip())))

    assert np.array_equal(pictures[0], pictures[1])


def test_a_second_run_makes_nothing_anew(converted: Path, tiny_checkpoint: Path) -> None:
    result = run(
        *("torch2coreml", "--model-version", tiny_checkpoint, "--convert-unet", "--chunk-unet"),
        *("--attention-implementation", "SPLIT_EINSUM", "--quantize-nbits", "6", "-o", converted),
        "--bundle-resources-for-swift-cli",
    )

    assert "UNet: reused" in result.stderr
    assert "UNet in chunks: reused" in result.stderr
    assert "UnetChunk1.mlmodelc: reused" in result.stderr


def test_a_package_is_cut_by_apples_other_tool(converted: Path, tmp_path: Path) -> None:
    unet = "Stable_Diffusion_version_tiny_unet"
    package = shutil.copytree(converted / f"{unet}.mlpackage", tmp_path / f"{unet}.mlpackage")

    run("chunk_mlprogram", "--mlpackage-path", package, "-o", tmp_path / "o", "--remove-original")

    assert names(tmp_path / "o") == {f"{unet}_chunk1.mlpackage", f"{unet}_chunk2.mlpackage"}
    assert not package.exists()


def test_controlnets_stand_in_their_own_folder_and_guide(
    tiny_checkpoint: Path, tmp_path: Path
) -> None:
    write_controlnet(tmp_path / "tiny-edges")
    Image.new("RGB", (64, 64), "red").save(tmp_path / "red.png")
    packages = tmp_path / "packages"
    run(
        *("torch2coreml", "--model-version", tiny_checkpoint, "--convert-unet"),
        *("--unet-support-controlnet", "--convert-controlnet", tmp_path / "tiny-edges"),
        *("--convert-text-encoder", "--convert-vae-decoder"),
        *("--attention-implementation", "ORIGINAL", "--bundle-resources-for-swift-cli"),
        *("-o", packages),
    )

    assert "Stable_Diffusion_version_tiny_control-unet.mlpackage" in names(packages)
    assert "Stable_Diffusion_version_tiny_unet.mlpackage" not in names(packages)
    assert "ControlledUnet.mlmodelc" in names(packages / "Resources")
    [bundle] = names(packages / "Resources" / "controlnet")
    assert bundle.endswith("TinyEdges.mlmodelc")
    result = run(
        *("pipeline", "--prompt", "a", "-i", packages / "Resources", "-o", tmp_path / "out"),
        *("--controlnet", tmp_path / "tiny-edges", "--controlnet-inputs", tmp_path / "red.png"),
        *("--num-inference-steps", "2"),
    )
    assert Path(result.stdout.strip()).is_file()


def test_a_projection_of_other_languages_computes_what_pytorch_does(tmp_path: Path) -> None:
    torch.manual_seed(0)
    layer = nn.Sequential(nn.Linear(512, 8), nn.GELU())
    states = torch.randn(1, 256, 512)
    torch.jit.save(trace(layer, states), str(tmp_path / "layer.pt"))

    run("multilingual_projection", "--input-path", tmp_path / "layer.pt", "--output-dir", tmp_path)

    bundle = tmp_path / "MultilingualTextEncoderProjection.mlmodelc"
    network = ReferenceRuntime(MlPackageReader()).load(bundle)
    given = network.predict({"nlcontextualembeddings_output": states.numpy()})
    wanted = layer(states).permute(0, 2, 1).unsqueeze(2).detach().numpy()
    assert np.abs(given["encoder_hidden_states"].astype(float) - wanted).max() < 2e-3
