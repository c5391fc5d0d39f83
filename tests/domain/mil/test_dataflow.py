"""Who computes what in a function."""

import numpy as np
from coreml_stable_diffusion.domain.mil.dataflow import Dataflow
from samples.programs import constant, operation, program

X = np.zeros((2, 3), np.float32)
STEPS = [
    operation("mul", ["doubled"], x="x", y=constant(2.0)),
    operation("add", ["y"], x="doubled", y="x"),
]
FLOW = Dataflow(program(STEPS, {"x": X}, {"y": X}).main_function)
DOUBLE, ADD = STEPS


def test_an_argument_leads_to_its_producer() -> None:
    assert FLOW.producer(ADD, "x", "mul") == DOUBLE


def test_a_producer_of_another_kind_does_not_count() -> None:
    assert FLOW.producer(ADD, "x", "sub", "real_div") is None


def test_an_input_has_no_producer() -> None:
    assert FLOW.producer(ADD, "y", "mul") is None


def test_nothing_comes_before_nothing() -> None:
    assert FLOW.producer(FLOW.producer(ADD, "y", "mul"), "x", "mul") is None


def test_the_shape_of_an_input_is_known() -> None:
    assert FLOW.shape("x") == (2, 3)


def test_a_scalar_is_read_and_an_input_is_none() -> None:
    assert FLOW.scalar(DOUBLE, "y") == 2.0
    assert FLOW.scalar(DOUBLE, "x") is None
