"""The Python of README and tutorial runs as it is written, with networks of one line each."""

import re
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
PROGRAMS = [
    (file, program)
    for file in ("README.md", "docs/tutorial.md")
    for program in re.findall(r"```python\n(from .*?)```", (ROOT / file).read_text(), re.DOTALL)
]


@pytest.mark.usefixtures("runtime", "conversion")
@pytest.mark.parametrize(("file", "program"), PROGRAMS)
def test_a_documented_program_leaves_its_picture(
    file: str, program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    exec(compile(program, file, "exec"), {})  # noqa: S102 - it is our own document

    with Image.open(tmp_path / "ring.png") as picture:
        assert picture.size == (40, 24)


def test_both_documents_have_a_program() -> None:
    assert [file for file, _ in PROGRAMS] == ["README.md", "docs/tutorial.md"]
