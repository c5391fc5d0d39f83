"""Two sizes of one model, in the real program, with their weights on the disk once."""

from pathlib import Path

from coreml_stable_diffusion.entrypoints.cli.main import app
from typer.testing import CliRunner

WEIGHTS = "Data/com.apple.CoreML/weights/weight.bin"


def test_another_size_shares_the_weights(
    tiny_checkpoint: Path, tiny_packages: Path, tmp_path: Path
) -> None:
    wide = tmp_path / "wide"

    result = CliRunner().invoke(
        app,
        [
            *("convert", str(tiny_checkpoint), "-o", str(wide), "--size", "128x64"),
            *("--components", "unet,vae_decoder", "--share-weights-with", str(tiny_packages)),
        ],
    )

    assert result.exit_code == 0, result.output
    assert "MB shared with" in result.stderr
    for package in wide.glob("*.mlpackage"):
        theirs = tiny_packages / package.name
        assert (package / WEIGHTS).samefile(theirs / WEIGHTS)
        model = "Data/com.apple.CoreML/model.mlmodel"
        assert not (package / model).samefile(theirs / model)
