"""Weights come into memory one after the other, however they are stored."""

import weakref
from collections.abc import Callable

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.adapters.reference.call import Call
from coreml_stable_diffusion.adapters.reference.compilation import compile_function
from coreml_stable_diffusion.adapters.reference.ops.catalogue import OPERATIONS
from coreml_stable_diffusion.domain.mil.operation import Operation
from coreml_stable_diffusion.domain.mil.rewrites.dense_weights import with_dense_weights
from samples.programs import const, constant, operation, program, shaped

LAYERS, SIZE = 5, 4
X = np.zeros((1, SIZE), np.float32)


def _palettized(name: str) -> Operation:
    indices = constant(np.zeros((SIZE, SIZE), np.uint8))
    lut = constant(np.ones((1, 1, 2, 1), np.float32))
    made = operation("constexpr_lut_to_dense", [name], indices=indices, lut=lut)
    return shaped(made, (SIZE, SIZE))


def _plain(name: str) -> Operation:
    return const(name, np.ones((SIZE, SIZE), np.float32))


@pytest.mark.parametrize("stored", [_plain, _palettized])
def test_a_weight_is_gone_when_its_layer_has_packed_it(stored: Callable[[str], Operation]) -> None:
    weights = [stored(f"weight_{layer}") for layer in range(LAYERS)]
    layers = [
        operation("linear", [f"x_{layer + 1}"], x=f"x_{layer}", weight=f"weight_{layer}")
        for layer in range(LAYERS)
    ]
    names = {"x_0": X}, {f"x_{LAYERS}": X}
    function = with_dense_weights(program([*weights, *layers], *names).main_function)
    seen: list[weakref.ref[object]] = []

    def packed(call: Call) -> Call:
        seen.append(weakref.ref(call.settled["weight"]))
        assert sum(each() is not None for each in seen) == 1
        return attrs.evolve(call, settled={})

    compile_function(function, OPERATIONS, packed)
    assert len(seen) == LAYERS
