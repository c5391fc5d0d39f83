"""Names are given before they are used, and once."""

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.domain.mil.operation import Block, Operation
from coreml_stable_diffusion.domain.mil.scope import (
    check_names,
    repeated_names,
    undefined_names,
)
from samples.programs import constant, operation, program

X = np.zeros((2, 3), np.float32)


def problems(*operations: Operation) -> list[str]:
    return list(undefined_names(program(list(operations), {"x": X}, {"y": X})))


def test_inputs_earlier_outputs_and_values_are_known() -> None:
    first = operation("add", ["a"], x="x", y=constant(1.0))

    assert problems(first, operation("concat", ["y"], values=("a", "x"))) == []


def test_a_later_output_is_not_known_yet() -> None:
    cycle = [operation("relu", ["a"], x="b"), operation("relu", ["b"], x="a")]

    assert problems(*cycle, operation("relu", ["y"], x="a")) == [
        "function main, operation relu (a): nothing before it gives 'b'"
    ]


def test_an_output_that_nothing_gives_is_told() -> None:
    assert problems(operation("relu", ["a"], x="x")) == [
        "function main, nothing gives its output 'y'"
    ]


def test_inner_blocks_see_what_is_around_them_and_not_the_other_way_round() -> None:
    inner = Block(operations=(operation("relu", ["i"], x="x"),), outputs=("i",))
    outer = attrs.evolve(operation("cond", ["c"], x="x"), blocks=(inner,))

    assert problems(outer, operation("add", ["y"], x="c", y="i")) == [
        "function main, operation add (y): nothing before it gives 'i'"
    ]


def repeated(*operations: Operation) -> list[str]:
    return list(repeated_names(program(list(operations), {"x": X}, {"y": X})))


def test_a_name_that_two_operations_give_is_told() -> None:
    assert repeated(operation("relu", ["y"], x="x"), operation("exp", ["y"], x="x")) == [
        "function main, operation exp (y): 'y' is given before"
    ]


def test_a_name_that_one_operation_gives_twice_is_told() -> None:
    assert repeated(operation("split", ["y", "y"], x="x")) == [
        "function main, operation split (y, y): 'y' is given before"
    ]


def test_an_operation_that_gives_an_input_is_told() -> None:
    assert repeated(operation("relu", ["x"], x="x"), operation("relu", ["y"], x="x")) == [
        "function main, operation relu (x): 'x' is given before"
    ]


def test_an_input_that_is_there_twice_is_told() -> None:
    once = program([operation("relu", ["y"], x="x")], {"x": X}, {"y": X})
    function = once.main_function
    twice = attrs.evolve(function, inputs=2 * function.inputs)

    assert list(repeated_names(attrs.evolve(once, functions={"main": twice}))) == [
        "function main: there are 2 inputs 'x'"
    ]


def test_blocks_within_and_beside_each_other_may_give_the_same_names() -> None:
    inner = Block(operations=(operation("relu", ["i"], x="x"),), outputs=("i",))
    outer = attrs.evolve(operation("cond", ["i"], x="x"), blocks=(inner, inner))

    assert repeated(outer, operation("relu", ["y"], x="i")) == []


def test_the_first_problem_of_names_is_the_error() -> None:
    wrong = [operation("relu", ["y"], x="b"), operation("relu", ["y"], x="a")]

    with pytest.raises(ValueError, match=r"^function main, operation relu \(y\): nothing .* 'b'$"):
        check_names(program(wrong, {"x": X}, {"y": X}))
