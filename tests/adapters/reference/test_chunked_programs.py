"""Whatever is cut, wherever, computes one after the other what it computed whole."""

from pathlib import Path

import numpy as np
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.network import build_network
from coreml_stable_diffusion.domain.chained_network import chained
from coreml_stable_diffusion.domain.compression.chunking import chunks
from coreml_stable_diffusion.domain.compression.cut import best_cut
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Operation
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.mil.scope import undefined_names
from hypothesis import given, reject
from hypothesis import strategies as st
from samples.programs import const, operation, program, shaped

SHAPE = (2, 3)
X = np.linspace(-1, 1, 6, dtype=np.float16).reshape(SHAPE)
# Each takes one or two of what is there, and gives a value of the type.
STEPS = st.tuples(
    st.sampled_from(["add", "mul", "maximum", "sigmoid", "tanh"]),
    st.sampled_from([DataType.FP16, DataType.FP32]),
    st.integers(0, 99),
    st.integers(0, 99),
)
CONSTANTS = st.lists(st.floats(-2, 2, width=16), min_size=1, max_size=4)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Arithmetic on two inputs, constants and what came before, the last result the output."""
    values = draw(CONSTANTS)
    operations: list[Operation] = [
        const(f"c{number}", np.full(SHAPE, value, np.float16))
        for number, value in enumerate(values)
    ]
    names = ["x", "z", *(each.outputs[0].name for each in operations)]
    for number, (kind, data_type, one, other) in enumerate(draw(st.lists(STEPS, min_size=2))):
        name = f"v{number}"
        arguments = {"x": names[-1 - one % len(names)]}
        if kind in ("add", "mul", "maximum"):
            arguments["y"] = names[-1 - other % len(names)]
        operations.append(shaped(operation(kind, [name], **arguments), SHAPE, data_type))
        names.append(name)
    return program(operations, {"x": X, "z": X}, {names[-1]: np.zeros(SHAPE, np.float32)})


@given(programs())
def test_chunks_concatenated_are_the_whole(whole: Program) -> None:
    try:
        cut = best_cut(whole)
    except InvalidRequest:
        reject()
    parts = chunks(whole, cut)

    assert [list(undefined_names(each)) for each in parts] == [[], []]
    one, *several = (build_network(Path("p"), each, Mode.EXACT) for each in (whole, *parts))
    chain = chained("chunks", tuple(several))
    taken = {each.name: (2 * X if each.name == "z" else X) for each in chain.inputs}
    wanted = one.predict({"x": X, "z": 2 * X})
    given_back = chain.predict(taken)
    for name, array in wanted.items():
        assert np.array_equal(given_back[name], array, equal_nan=True)
