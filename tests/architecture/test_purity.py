"""The domain knows where files are, and never looks into them."""

import ast
from pathlib import Path

import pytest

DOMAIN = Path(__file__).parents[2] / "domain"
MODULES = sorted(each.relative_to(DOMAIN).as_posix() for each in DOMAIN.rglob("*.py"))
ASKING = {
    *("stat", "exists", "is_file", "is_dir", "iterdir", "glob", "rglob", "resolve", "samefile"),
    *("open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "touch"),
}


@pytest.mark.parametrize("module", MODULES)
def test_no_file_is_asked(module: str) -> None:
    called = (
        node.func
        for node in ast.walk(ast.parse((DOMAIN / module).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    )
    names = {each.attr if isinstance(each, ast.Attribute) else ast.unparse(each) for each in called}

    assert names & ASKING == set()
