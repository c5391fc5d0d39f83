"""Prompts out of a file."""

import io
from pathlib import Path

import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.entrypoints.cli.prompts_file import read_prompts

NOTHING = io.BytesIO()


def test_every_line_is_a_prompt_but_for_empty_ones(tmp_path: Path) -> None:
    file = tmp_path / "prompts.txt"
    file.write_bytes("\ufeffa red circle\r\n\n  日本  \n".encode())

    assert read_prompts(file, NOTHING) == ("a red circle", "日本")


def test_a_hyphen_is_standard_input() -> None:
    assert read_prompts(Path("-"), io.BytesIO(b"a\nb")) == ("a", "b")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "prompts.txt: No such file or directory"),
        (b"\xff\xfe", "prompts.txt is not text in UTF-8"),
        (b" \n\n", "prompts.txt has no prompts; write one a line"),
    ],
)
def test_what_holds_no_prompts_is_refused(
    content: bytes | None, complaint: str, tmp_path: Path
) -> None:
    file = tmp_path / "prompts.txt"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(InvalidRequest, match=complaint):
        read_prompts(file, NOTHING)
