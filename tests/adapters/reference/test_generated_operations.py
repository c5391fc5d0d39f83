"""Every operation with drawn types, ranks, attributes and numbers, beside an oracle.

The oracle is what coremltools computes when it folds constants, and where it does not, PyTorch or a
formula in NumPy (tests/samples/cases).
"""

from collections.abc import Callable

import pytest
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.ops.catalogue import OPERATIONS
from coreml_stable_diffusion.domain.mil.decompression import DECOMPRESSIONS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples.cases.case import Case, assert_close
from samples.cases.catalogue import CASES
from samples.folding import oracle
from samples.one_operation import run_operation

#: How often each operation is drawn; all of them together at least 2,000 times.
DRAWN = 25


def test_every_operation_is_drawn_and_all_of_them_two_thousand_times() -> None:
    assert CASES.keys() == OPERATIONS.keys() | DECOMPRESSIONS.keys()
    assert DRAWN * len(CASES) >= 2000


@pytest.mark.parametrize("name", sorted(CASES))
def test_an_operation_computes_what_its_oracle_does(
    name: str, record_property: Callable[[str, object], None]
) -> None:
    drawn = 0

    @settings(
        max_examples=DRAWN,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(CASES[name], st.booleans())
    def check(case: Case, settled: bool) -> None:
        nonlocal drawn
        drawn += 1
        expected = oracle(name, case)
        for mode in (Mode.EXACT, Mode.FAST):
            computed = run_operation(
                name, case.arguments, expected, settled=settled or name in DECOMPRESSIONS, mode=mode
            )
            assert_close(computed, expected)

    check()
    assert drawn >= DRAWN
    record_property("generated cases of operations", drawn)
