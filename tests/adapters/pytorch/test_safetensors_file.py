"""Our reader of safetensors reads what the library writes, and knows what is broken."""

import json
from pathlib import Path

import pytest
import torch
from coreml_stable_diffusion.adapters.pytorch.safetensors_file import stored_tensors
from safetensors.torch import save_file

TENSORS = {
    "half": torch.randn(3, 4).half(),
    "brain": torch.randn(2, 3, 1, 1).bfloat16(),
    "full": torch.randn(5),
    "whole": torch.arange(6).reshape(2, 3),
    "none": torch.empty(0, 4),
    "scalar": torch.tensor(3.5),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    save_file(TENSORS, path, metadata={"format": "pt"})
    return path


def test_every_tensor_is_read_as_it_was_written(file: Path) -> None:
    found = {name: each.read() for name, each in stored_tensors(file)}

    assert set(found) == set(TENSORS)
    for name, wanted in TENSORS.items():
        assert found[name].dtype == wanted.dtype
        assert torch.equal(found[name], wanted)


def test_writing_to_what_was_read_leaves_the_file_alone(file: Path) -> None:
    before = file.read_bytes()
    dict(stored_tensors(file))["full"].read().zero_()

    assert file.read_bytes() == before


@pytest.mark.parametrize("size", [4, 100, -1])
def test_a_file_that_is_cut_short_is_refused(file: Path, size: int) -> None:
    file.write_bytes(file.read_bytes()[:size])

    with pytest.raises(ValueError, match=r"model\.safetensors is cut short"):
        dict(stored_tensors(file))


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"dtype": "F8_E4M3", "shape": [1], "data_offsets": [0, 1]}, "unknown type F8_E4M3"),
        ({"dtype": "F16", "shape": [3], "data_offsets": [0, 4]}, r"4 bytes for \(3,\)"),
    ],
)
def test_what_contradicts_itself_is_refused(
    entry: dict[str, object], problem: str, tmp_path: Path
) -> None:
    header = json.dumps({"weight": entry}).encode()
    path = tmp_path / "model.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(16))

    with pytest.raises(ValueError, match=problem):
        dict(stored_tensors(path))
