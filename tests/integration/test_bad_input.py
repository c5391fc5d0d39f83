"""What goes wrong with real packages is told in one line, with exit code 2 and no traceback."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.packages.schema import parse_model
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.entrypoints.cli.main import app
from typer.testing import CliRunner

UNET = Component.UNET.package_name("tiny")


@pytest.fixture
def packages(tiny_packages: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_packages, tmp_path / "packages")


def test_a_package_that_is_gone_is_named(packages: Path) -> None:
    shutil.rmtree(packages / UNET)

    assert f"{UNET} cannot be read" in complaint(packages)


def test_a_component_that_was_never_converted_is_named_beside_those_that_were(
    packages: Path,
) -> None:
    manifest = packages / "pipeline.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"unet"', '"vae_encoder"'), encoding="utf-8")

    assert "has no unet; it has: text_encoder, vae_encoder, " in complaint(packages)


def test_truncated_weights_are_found_before_anything_is_drawn(packages: Path) -> None:
    [weights] = (packages / UNET).rglob("weight.bin")
    with weights.open("r+b") as file:
        file.truncate(1000)

    assert "weight.bin, offset" in complaint(packages)


def test_every_unknown_operation_is_named(packages: Path) -> None:
    [model] = (packages / UNET).rglob("model.mlmodel")
    message = parse_model(model.read_bytes())
    [block] = message.mlProgram.functions["main"].block_specializations.values()
    renamed = {"conv": "warp", "softmax": "melt"}
    for operation in block.operations:
        operation.type = renamed.get(operation.type, operation.type)
    model.write_bytes(message.SerializeToString())

    line = complaint(packages)

    assert f"{UNET} has operations that the reference runtime does not know: " in line
    assert "melt" in line
    assert "warp" in line


def test_core_ml_is_not_offered_where_there_is_none(packages: Path) -> None:
    if sys.platform == "darwin":
        pytest.skip("there is Core ML here")

    assert "the coreml runtime is not available here" in complaint(packages, "--runtime", "coreml")


def complaint(packages: Path, *options: str) -> str:
    """The one line that generating fails with."""
    picture = packages.parent / "picture.png"
    arguments = ["generate", "a star", "-q", "-m", str(packages), "-o", str(picture)]
    runtime = () if options else ("--runtime", "reference")
    result = CliRunner().invoke(app, [*arguments, *runtime, *options])

    [line] = result.stderr.splitlines()
    assert line.startswith("coreml-sd: ")
    assert (result.exit_code, result.stdout) == (2, "")
    assert not picture.exists()
    return line


# Whoever runs the tests in the background makes their children ignore interrupts.
INTERRUPTIBLE = """
import signal
from coreml_stable_diffusion.__main__ import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""


def test_an_interrupted_conversion_leaves_only_what_is_whole(
    tiny_checkpoint: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "convert", str(tiny_checkpoint), "-o", str(output)],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Converting the text encoder")
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().splitlines()

    assert (process.returncode, said[-1]) == (130, "coreml-sd: interrupted")
    assert {file.name for file in output.iterdir()} <= {"pipeline.json", "vocab.json", "merges.txt"}
