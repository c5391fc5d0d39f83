"""The documents say what is so: links lead somewhere, and what is generated is fresh."""

import re
from pathlib import Path

import pytest
from coreml_stable_diffusion.entrypoints import python_manual
from coreml_stable_diffusion.entrypoints.cli import manual

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_the_command_line_reference_is_up_to_date() -> None:
    written = (ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")

    assert written == manual.manual(), "run `make docs`"


def test_the_python_reference_is_up_to_date() -> None:
    written = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")

    assert written == python_manual.manual(), "run `make docs`"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    text = re.sub(r"<!--.*?-->", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)

    assert [link for link in links if not (document.parent / link).exists()] == []
