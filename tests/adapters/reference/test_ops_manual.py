"""The page of operations tells what there is, and nothing of coremltools' is left out."""

from pathlib import Path

from coreml_stable_diffusion.adapters.reference.ops.catalogue import OPERATIONS
from coreml_stable_diffusion.adapters.reference.ops.manual import manual
from coreml_stable_diffusion.adapters.reference.ops.refused import REFUSED
from coreml_stable_diffusion.domain.mil.decompression import DECOMPRESSIONS
from coremltools.converters.mil.mil.ops.registry import SSAOpRegistry

ROOT = Path(__file__).parents[3]


def test_the_page_is_what_the_table_says() -> None:
    written = (ROOT / "docs" / "reference" / "ops.md").read_text(encoding="utf-8")

    assert written == manual(), "run `make docs`"


def test_every_operation_of_coremltools_is_computed_or_refused() -> None:
    known = {name for name in SSAOpRegistry.core_ops if not name.startswith("_")} - {"const"}
    refused = {name for names in REFUSED.values() for name in names}

    assert known == OPERATIONS.keys() | DECOMPRESSIONS.keys() | refused
    assert not refused & OPERATIONS.keys()
