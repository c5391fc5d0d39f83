"""Walking over the stored weights of a program."""

import attrs
import numpy as np
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Block
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.mil.stored_weights import stored_weights, with_weights
from coreml_stable_diffusion.domain.mil.value import StoredWeight
from coreml_stable_diffusion.domain.mil.value_type import TensorType
from numpy.typing import NDArray
from samples.programs import constant, operation, program

X = np.zeros((2, 3), np.float32)


class Nowhere:
    def read(self, weight: StoredWeight) -> NDArray[np.generic]:
        raise NotImplementedError(weight)


def weight(offset: int) -> StoredWeight:
    return StoredWeight(TensorType(DataType.FP16, (4,)), "@model_path/w.bin", offset, Nowhere())


def nested() -> Program:
    inner = attrs.evolve(operation("const", ["c"]), attributes={"val": weight(192)})
    outer = attrs.evolve(
        operation("cond", ["y"], x="x", pair=(weight(64), weight(128)), z=constant(1.0)),
        blocks=(Block(operations=(inner,), outputs=("c",)),),
    )
    return program([outer], {"x": X}, {"y": X})


def test_weights_come_in_order_out_of_inputs_attributes_and_blocks() -> None:
    assert [each.offset for each in stored_weights(nested())] == [64, 128, 192]


def test_every_weight_is_replaced_and_nothing_else() -> None:
    moved = with_weights(nested(), lambda each: attrs.evolve(each, offset=each.offset + 1))

    assert [each.offset for each in stored_weights(moved)] == [65, 129, 193]
    back = with_weights(moved, lambda each: attrs.evolve(each, offset=each.offset - 1))
    assert back == nested()
