"""A colon parts a file from what is told of it, unless the file's name has it."""

from pathlib import Path

import pytest
from coreml_stable_diffusion.domain.changes import Embedding, Lora
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.entrypoints.cli.weight_files import given_embeddings, given_loras


def test_what_stands_behind_the_last_colon_is_told_of_the_file() -> None:
    assert given_loras(["a:b.safetensors:-0.5"]) == (Lora(Path("a:b.safetensors"), -0.5),)
    assert given_embeddings(["cat.pt:<cat>"]) == (Embedding(Path("cat.pt"), "<cat>"),)


def test_a_file_of_the_whole_name_wins(tmp_path: Path) -> None:
    file = tmp_path / "style:2"
    file.touch()

    assert given_loras([str(file)]) == (Lora(file),)
    assert given_embeddings([str(file)]) == (Embedding(file),)


def test_left_out_there_are_none() -> None:
    assert given_loras(None) == ()
    assert given_embeddings(None) == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("style.safetensors:much", "'much' in style.safetensors:much is no scale"),
        ("style.safetensors:nan", "nan is not a finite number"),
    ],
)
def test_what_is_no_scale_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(InvalidRequest, match=f"^--lora: {complaint}"):
        given_loras([text])
