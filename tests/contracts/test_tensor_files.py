"""The promises of domain/ports/tensor_files.py, kept by the fake and by `.npz` files."""

import contextlib
from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.files.tensor_files import NpzFiles
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.domain.errors import UnreadableTensors, UnwritableOutput
from coreml_stable_diffusion.domain.ports.tensor_files import TensorFiles
from coreml_stable_diffusion.domain.tensor import Tensors
from fakes.tensor_files import FakeTensorFiles


@pytest.fixture(params=["fake", "npz"])
def files(request: pytest.FixtureRequest) -> TensorFiles:
    return FakeTensorFiles() if request.param == "fake" else NpzFiles(LocalWorkspace())


def write(files: TensorFiles, path: Path, arrays: Tensors) -> None:
    with files.recording(path) as record:
        for name, array in arrays.items():
            record(name, array)


def test_arrays_come_back_under_their_names(files: TensorFiles, tmp_path: Path) -> None:
    arrays: Tensors = {
        "x": np.arange(6, dtype=np.float16).reshape(2, 3),
        "file": np.array([1], np.int32),
    }

    write(files, tmp_path / "a.npz", arrays)

    found = files.read(tmp_path / "a.npz")
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)


def test_what_is_there_is_replaced(files: TensorFiles, tmp_path: Path) -> None:
    write(files, tmp_path / "a.npz", {"x": np.zeros(1)})
    write(files, tmp_path / "a.npz", {"y": np.ones(1)})

    assert list(files.read(tmp_path / "a.npz")) == ["y"]


def test_a_file_that_is_not_there_is_named(files: TensorFiles, tmp_path: Path) -> None:
    with pytest.raises(UnreadableTensors, match=r"gone\.npz"):
        files.read(tmp_path / "gone.npz")


def test_arrays_are_recorded_one_after_another(files: TensorFiles, tmp_path: Path) -> None:
    array = np.zeros(2)
    with files.recording(tmp_path / "a.npz") as record:
        record("before", array)
        array += 1
        record("after", array)

    found = files.read(tmp_path / "a.npz")
    assert {name: each.tolist() for name, each in found.items()} == {
        "before": [0, 0],
        "after": [1, 1],
    }


def test_below_a_file_there_is_no_place(files: TensorFiles, tmp_path: Path) -> None:
    write(files, tmp_path / "a.npz", {"x": np.zeros(1)})

    with pytest.raises(UnwritableOutput), files.recording(tmp_path / "a.npz" / "b.npz"):
        pytest.fail("the block must not be entered")


def test_a_recording_that_fails_leaves_what_was_there(files: TensorFiles, tmp_path: Path) -> None:
    write(files, tmp_path / "a.npz", {"x": np.zeros(1)})

    with contextlib.suppress(KeyboardInterrupt), files.recording(tmp_path / "a.npz") as record:
        record("y", np.ones(1))
        raise KeyboardInterrupt

    assert list(files.read(tmp_path / "a.npz")) == ["x"]
