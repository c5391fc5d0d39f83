"""What the reference runtime refuses, and what it leaves out."""

from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.network import build_network
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.domain.errors import (
    BrokenPackage,
    PredictionError,
    UnsupportedOperations,
)
from coreml_stable_diffusion.domain.mil.operation import Operation
from coreml_stable_diffusion.domain.mil.program import Program
from fakes.packages import FakePackageReader
from samples.programs import const, constant, operation, program

PACKAGE = Path("some.mlpackage")
X = np.arange(6, dtype=np.float32).reshape(2, 3)


def _program(*steps: Operation, like: Any = X) -> Program:
    return program(steps, {"x": X}, {"y": like})


def _run(*steps: Operation, like: Any = X, mode: Mode = Mode.FAST) -> Any:
    network = build_network(PACKAGE, _program(*steps, like=like), mode)
    return network.predict({"x": X})["y"]


def test_all_unknown_operations_are_named_at_once() -> None:
    steps = [
        operation("while_loop", ["a"], x="x"),
        operation("cond", ["b"], x="a"),
        operation("while_loop", ["y"], x="b"),
    ]
    runtime = ReferenceRuntime(FakePackageReader({PACKAGE.name: _program(*steps)}))

    with pytest.raises(UnsupportedOperations) as caught:
        runtime.load(PACKAGE)

    assert caught.value.operations == ("cond", "while_loop")


def test_an_unknown_argument_is_not_ignored() -> None:
    with pytest.raises(UnsupportedOperations, match=r"relu\(slope=\)"):
        _run(operation("relu", ["y"], x="x", slope=constant(2.0)))


def test_operations_with_blocks_are_unknown() -> None:
    branch = attrs.evolve(operation("relu", ["y"], x="x"), blocks=(_program().main_function.body,))

    with pytest.raises(UnsupportedOperations, match="relu"):
        _run(branch)


def test_what_only_rewrites_make_is_unknown_in_a_package() -> None:
    with pytest.raises(UnsupportedOperations, match=r"fused\.attention"):
        _run(operation("fused.attention", ["y"], query="x", key="x", value="x"))


def test_a_name_that_nothing_computes_breaks_the_package() -> None:
    with pytest.raises(BrokenPackage, match=r"operation relu \(y\): nothing before it computes z"):
        _run(operation("relu", ["y"], x="z"))


def test_a_circle_breaks_the_package() -> None:
    with pytest.raises(BrokenPackage, match="nothing before it computes b"):
        _run(operation("relu", ["a"], x="b"), operation("relu", ["b"], x="a"),
             operation("relu", ["y"], x="b"))  # fmt: skip


def test_an_output_that_nothing_computes_breaks_the_package() -> None:
    with pytest.raises(BrokenPackage, match="nothing computes the output y"):
        _run(operation("relu", ["z"], x="x"))


def test_a_missing_argument_breaks_the_package() -> None:
    with pytest.raises(BrokenPackage, match=r"operation clip \(y\): it lacks beta"):
        _run(operation("clip", ["y"], x="x", alpha=constant(0.0)))


@pytest.mark.parametrize("mode", Mode)
def test_an_argument_that_a_pattern_looks_for_is_missed_in_every_mode(mode: Mode) -> None:
    with pytest.raises(BrokenPackage, match=r"operation add \(y\): it lacks y"):
        _run(operation("add", ["y"], x="x"), mode=mode)


@pytest.mark.parametrize("mode", Mode)
def test_a_constant_without_a_value_is_named(mode: Mode) -> None:
    empty = attrs.evolve(const("c", 1.0), attributes={})

    with pytest.raises(BrokenPackage, match=r"operation const \(c\): it lacks val"):
        _run(empty, operation("add", ["y"], x="x", y="c"), mode=mode)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("kind", "arguments"),
    [("relu", {"x": ("x", "x")}), ("tile", {"x": "x", "reps": (constant([1, 2]),) * 2})],
)
def test_several_values_where_one_is_taken_are_not_left_out(
    kind: str, arguments: dict[str, Any], mode: Mode
) -> None:
    with pytest.raises((BrokenPackage, PredictionError), match="2 values are given where one is"):
        _run(operation(kind, ["y"], **arguments), mode=mode)


def test_what_a_pattern_stumbles_over_is_named() -> None:
    number = constant(np.array(0, np.int32))

    with pytest.raises(BrokenPackage, match=r"operation transpose \(y\): "):
        _run(operation("transpose", ["y"], x="x", perm=number))


@pytest.mark.parametrize("mode", Mode)
def test_an_argument_of_another_kind_is_refused_in_every_mode(mode: Mode) -> None:
    with pytest.raises((BrokenPackage, PredictionError), match=r"some\.mlpackage"):
        _run(operation("transpose", ["y"], x="x", perm=constant(np.array(True))), mode=mode)


@pytest.mark.parametrize("mode", Mode)
def test_shapes_that_do_not_fit_are_told_with_their_operation(mode: Mode) -> None:
    with pytest.raises(PredictionError, match=r"^some\.mlpackage: operation matmul \(y\): mat1"):
        _run(operation("matmul", ["y"], x="x", y="x"), mode=mode)


def test_a_result_that_no_memory_holds_is_told_by_its_size() -> None:
    with pytest.raises(PredictionError, match=r"operation tile \(y\): it needs \d+ GiB of memory"):
        _run(operation("tile", ["y"], x="x", reps=constant([2**24, 2**24])))


def test_dead_operations_are_not_run() -> None:
    impossible = operation("matmul", ["dead"], x="x", y="x")

    assert np.array_equal(_run(impossible, operation("relu", ["y"], x="x")), X)


def test_an_output_may_be_constant() -> None:
    assert np.array_equal(_run(const("y", X)), X)


def test_a_value_may_be_computed_that_should_be_settled() -> None:
    steps = [
        operation("shape", ["sizes"], x="x"),
        operation("reverse", ["turned"], x="sizes"),
        operation("reshape", ["y"], x="x", shape="turned"),
    ]

    assert np.array_equal(_run(*steps), X.reshape(3, 2))


def test_halves_overflow_to_infinity_only_at_the_output() -> None:
    steps = [
        operation("mul", ["big"], x="x", y=constant(1e6)),
        operation("mul", ["y"], x="big", y=constant(1e-6)),
    ]
    scaled = _run(operation("mul", ["y"], x="x", y=constant(1e6)), like=X.astype(np.float16))

    np.testing.assert_allclose(_run(*steps, like=X.astype(np.float16)), X, rtol=1e-3)
    assert np.isinf(scaled).sum() == 5


def test_every_tensor_is_let_go_after_its_last_use() -> None:
    steps = [
        operation("exp", ["a"], x="x"),
        operation("exp", ["b"], x="a"),
        operation("add", ["y"], x="b", y="a"),
    ]
    network = build_network(PACKAGE, _program(*steps), Mode.EXACT)

    released = [set(call.released) for call in network.schedule.calls]
    assert released == [{"x"}, set(), {"a", "b"}]


def test_shared_weights_are_in_memory_once() -> None:
    steps = [
        const("weight", np.ones((2, 3), "f4")),
        operation("add", ["a"], x="x", y="weight"),
        operation("add", ["y"], x="a", y="weight"),
    ]
    first, second = build_network(PACKAGE, _program(*steps), Mode.EXACT).schedule.calls

    assert first.settled["y"] is second.settled["y"]


def test_the_number_of_threads_can_be_chosen() -> None:
    before = torch.get_num_threads()
    reader = FakePackageReader({PACKAGE.name: _program(operation("relu", ["y"], x="x"))})
    try:
        ReferenceRuntime(reader, threads=1).load(PACKAGE)
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)
