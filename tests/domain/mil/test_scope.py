"""Names are given before they are used."""

import attrs
import numpy as np
from coreml_stable_diffusion.domain.mil.operation import Block, Operation
from coreml_stable_diffusion.domain.mil.scope import undefined_names
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
