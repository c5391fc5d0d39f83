"""A conversion into a folder of packages that fails is told in one line, and loses nothing."""

import resource
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.entrypoints.cli.main import app
from samples.checkpoints import build_xl_unet
from samples.controlnets import write_xl_controlnet
from samples.loras import build_pairs, write_kohya
from typer.testing import CliRunner, Result


@pytest.fixture
def packages(tiny_packages: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_packages, tmp_path / "packages")


def convert(checkpoint: Path, packages: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["convert", str(checkpoint), "-o", str(packages), *options])


def content(folder: Path) -> Mapping[str, str]:
    return LocalWorkspace().digests(folder)


def complaint(result: Result) -> str:
    assert result.exit_code == 2
    *_, last = result.stderr.splitlines()
    assert last.startswith("coreml-sd: ")
    assert "Traceback" not in result.output
    return last


def _xl_controlnet(folder: Path) -> tuple[str, ...]:
    write_xl_controlnet(folder / "edges")
    return ("--controlnet", str(folder / "edges"))


def _xl_lora(folder: Path) -> tuple[str, ...]:
    file = folder / "style.safetensors"
    write_kohya(file, {"unet": build_pairs(build_xl_unet(), ["attn1.to_q"])})
    return ("--lora", str(file))


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (
            lambda _: ("--attention-implementation", "SPLIT_EINSUM_V2"),
            "this model's largest attention has 8 x 8; take SPLIT_EINSUM",
        ),
        (
            lambda _: ("--size", "64x64", "--size", "72x64"),
            "8 x 9 latent pixels cannot be one of several sizes",
        ),
        (_xl_controlnet, "does not go with"),
        (_xl_lora, "does not go with"),
    ],
)
def test_what_does_not_go_together_changes_nothing(
    options: Callable[[Path], tuple[str, ...]],
    problem: str,
    tiny_checkpoint: Path,
    packages: Path,
    tmp_path: Path,
) -> None:
    before = content(packages)

    result = convert(tiny_checkpoint, packages, "--components", "unet", *options(tmp_path))

    assert problem in complaint(result)
    assert content(packages) == before


def test_weights_that_are_cut_short_change_nothing(
    tiny_checkpoint: Path, packages: Path, tmp_path: Path
) -> None:
    broken = Path(shutil.copytree(tiny_checkpoint, tmp_path / "broken"))
    weights = broken / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100_000])
    before = content(packages)

    result = convert(broken, packages, "--components", "unet")

    assert "diffusion_pytorch_model.safetensors is cut short" in complaint(result)
    assert content(packages) == before


def test_a_full_disk_changes_nothing_and_the_next_run_goes_on(
    tiny_checkpoint: Path, packages: Path
) -> None:
    options = ("--components", "vae_encoder", "--precision", "float32")
    before = content(packages)

    with files_of_at_most(100_000):
        result = convert(tiny_checkpoint, packages, *options)

    assert "vae_encoder.mlpackage cannot be written: File too large" in complaint(result)
    assert content(packages) == before
    assert convert(tiny_checkpoint, packages, *options).exit_code == 0


@contextmanager
def files_of_at_most(size_bytes: int) -> Iterator[None]:
    """Refuse to let files grow, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
