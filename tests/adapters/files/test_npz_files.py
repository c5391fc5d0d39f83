"""What an `.npz` file may not be."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.files.tensor_files import NpzFiles
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.domain.errors import UnreadableTensors, UnwritableOutput


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableTensors) as caught:
        NpzFiles(LocalWorkspace()).read(path)
    assert str(caught.value).startswith(f"{path} ")
    return caught.value.problem


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros(3))

    assert "no .npz file" in refusal(tmp_path / "a.npy")


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, x=np.zeros(100))
    path.write_bytes(path.read_bytes()[:200])

    refusal(path)


def test_a_file_of_objects_is_not_unpickled(tmp_path: Path) -> None:
    objects: Any = np.array([{"a": 1}], dtype=object)
    np.savez(tmp_path / "a.npz", x=objects)

    assert "allow_pickle=False" in refusal(tmp_path / "a.npz")


@pytest.mark.parametrize("name", ["kept", ""])
def test_a_folder_is_refused_before_anything_is_recorded(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kept").mkdir()

    with (
        pytest.raises(UnwritableOutput, match="it is a folder; name a file"),
        NpzFiles(LocalWorkspace()).recording(Path(name)),
    ):
        pytest.fail("the block must not be entered")
