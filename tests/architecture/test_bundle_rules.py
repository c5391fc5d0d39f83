"""Every rule of the bundle's format has its test, and every such test its rule."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NAMED_AFTER_A_RULE = re.compile(r"test_\d_\w+")


def test_the_page_of_rules_names_tests_that_are_there_and_all_that_are_named_after_rules() -> None:
    page = (ROOT / "docs" / "reference" / "mlmodelc.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(test_\w+)`", page))
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert told - there == set()
    assert {each for each in there if _NAMED_AFTER_A_RULE.match(each)} - told == set()
