"""Every operation that OpenVINO computes, beside the oracles of the reference runtime's."""

from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import BrokenPackage, UnsupportedOperations
from coreml_stable_diffusion.domain.mil.decompression import DECOMPRESSIONS
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from samples.cases.case import Case, assert_close
from samples.cases.catalogue import CASES
from samples.folding import oracle
from samples.one_operation import one_operation
from samples.programs import constant, operation, program

pytest.importorskip("openvino", reason="the extra openvino is not installed")

# Behind the question whether there is an OpenVINO to import.
from coreml_stable_diffusion.adapters.openvino.network import build_network
from coreml_stable_diffusion.adapters.openvino.ops.catalogue import OPERATIONS
from coreml_stable_diffusion.adapters.openvino.signature import parameters

DRAWN = 12


@pytest.mark.parametrize("name", sorted(OPERATIONS.keys() | DECOMPRESSIONS.keys()))
def test_an_operation_computes_what_its_oracle_does(name: str) -> None:
    known = parameters(OPERATIONS[name]) if name in OPERATIONS else {}
    plain = {each for each, parameter in known.items() if not parameter.is_output}

    @settings(
        max_examples=DRAWN,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(CASES[name], st.booleans())
    def check(case: Case, settled: bool) -> None:
        assume(not case.arguments.get("batch_dims"))
        expected = oracle(name, case)
        described, inputs = one_operation(
            name,
            case.arguments,
            expected,
            settled=settled or name in DECOMPRESSIONS,
            constants=plain,
        )
        network = build_network(Path("one.mlpackage"), described, threads=1)
        assert_close(list(network.predict(inputs).values()), expected)

    check()


@pytest.mark.parametrize("name", ["gather", "gather_nd"])
def test_what_openvino_does_not_compute_rightly_is_refused(name: str) -> None:
    x, indices = np.zeros((2, 3), np.float32), np.ones((2, 1), np.int32)
    arguments = {"x": x, "indices": indices, "batch_dims": 1}
    described, _ = one_operation(name, arguments, [np.zeros((2, 1), np.float32)])

    with pytest.raises(UnsupportedOperations, match=rf"{name}\(batch_dims=\)"):
        build_network(Path("one.mlpackage"), described, threads=1)


def test_an_argument_of_another_kind_breaks_the_package() -> None:
    x = np.zeros((2, 3), np.float32)
    turned = operation("transpose", ["y"], x="x", perm=constant(np.array(True)))

    with pytest.raises(BrokenPackage, match=r"one\.mlpackage"):
        build_network(Path("one.mlpackage"), program([turned], {"x": x}, {"y": x}), threads=1)


def test_what_fits_no_pattern_breaks_the_package() -> None:
    x = np.zeros((2, 3), np.float32)
    added = operation("add", ["y"], x="x")

    with pytest.raises(BrokenPackage, match=r"operation add \(y\): it lacks y"):
        build_network(Path("one.mlpackage"), program([added], {"x": x}, {"y": x}), threads=1)
