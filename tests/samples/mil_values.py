"""Any types, values and programs that MIL text can hold, drawn by hypothesis."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Block, Operation
from coreml_stable_diffusion.domain.mil.program import Function, ModelDescription, Program
from coreml_stable_diffusion.domain.mil.value import (
    DictionaryValue,
    ListValue,
    StoredWeight,
    TensorValue,
    TupleValue,
    Value,
)
from coreml_stable_diffusion.domain.mil.value_type import (
    DictionaryType,
    ListType,
    NamedType,
    StateType,
    TensorType,
    TupleType,
    Unknown,
)
from coreml_stable_diffusion.domain.tensor import TensorSpec
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray
from samples.programs import constant


class NoStorage:
    """Where weights are said to be that nobody reads; every one is like the other."""

    def read(self, weight: StoredWeight) -> NDArray[np.generic]:
        raise NotImplementedError(weight)


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=6)
SHAPES = st.lists(st.integers(0, 3), max_size=3).map(tuple)
DATA_TYPES = st.sampled_from(DataType)
DIMENSIONS = st.integers(0, 2**40) | st.sampled_from(Unknown)
TENSOR_TYPES = st.builds(TensorType, DATA_TYPES, st.lists(DIMENSIONS, max_size=4).map(tuple))


def _bfloat(number: float) -> float:
    bits = np.array(number, np.float32).view(np.uint32) & np.uint32(0xFFFF0000)
    return float(bits.view(np.float32))


def elements(data_type: DataType) -> st.SearchStrategy[Any]:
    """What a tensor of the type may hold, subnormals and negative zero included."""
    if data_type is DataType.STRING:
        return TEXTS
    if data_type is DataType.BOOL:
        return st.booleans()
    if data_type is DataType.BF16:
        return elements(DataType.FP32).map(_bfloat)
    if data_type.is_float:
        return st.floats(width=data_type.bits, allow_nan=False, allow_infinity=False)  # type: ignore[arg-type] # bits are any int
    signed = data_type.value.startswith("int")
    lowest = -(2 ** (data_type.bits - 1)) if signed else 0
    return st.integers(lowest, lowest + 2**data_type.bits - 1)


@st.composite
def tensors(draw: st.DrawFn, data_types: st.SearchStrategy[DataType] = DATA_TYPES) -> TensorValue:
    """A tensor that is spelled out."""
    data_type = draw(data_types)
    shape = draw(SHAPES)
    count = int(np.prod(shape, dtype=int))
    content = draw(st.lists(elements(data_type), min_size=count, max_size=count))
    array = np.array(content, data_type.numpy).reshape(shape)
    return TensorValue(TensorType(data_type, shape), array)


@st.composite
def dictionaries(draw: st.DrawFn) -> DictionaryValue:
    """A dictionary of texts by texts."""
    string = TensorType(DataType.STRING)
    pairs = draw(st.dictionaries(TEXTS, TEXTS, max_size=3)).items()
    texts = tuple(
        (TensorValue(string, np.array(key)), TensorValue(string, np.array(text)))
        for key, text in pairs
    )
    return DictionaryValue(DictionaryType(string, string), texts)


@st.composite
def lists(draw: st.DrawFn) -> ListValue:
    """A list of whole numbers."""
    number = TensorType(DataType.INT32)
    content = draw(st.lists(elements(DataType.INT32), max_size=3))
    held = tuple(TensorValue(number, np.array(each, np.int32)) for each in content)
    return ListValue(ListType(number, len(held)), held)


STORAGE = NoStorage()
WEIGHTS = st.builds(
    lambda declared, name, offset: StoredWeight(declared, f"@model_path/{name}", offset, STORAGE),
    TENSOR_TYPES,
    TEXTS,
    st.integers(0, 2**64 - 1),
)
SIMPLE = tensors() | dictionaries() | lists()
TUPLES = st.lists(SIMPLE, min_size=1, max_size=3).map(
    lambda held: TupleValue(TupleType(tuple(each.type for each in held)), tuple(held))
)
VALUES: st.SearchStrategy[Value] = SIMPLE | TUPLES | WEIGHTS
TYPES = st.recursive(
    TENSOR_TYPES | TENSOR_TYPES.map(StateType),
    lambda inner: (
        st.builds(ListType, inner, DIMENSIONS)
        | st.builds(TupleType, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(DictionaryType, inner, inner)
    ),
    max_leaves=4,
)
DECLARED = st.builds(NamedType, NAMES, TYPES)
BINDINGS = st.lists(NAMES | VALUES, min_size=1, max_size=3).map(tuple)
OPERATIONS = st.builds(
    Operation,
    type=NAMES,
    inputs=st.dictionaries(NAMES, BINDINGS, max_size=2),
    outputs=st.lists(DECLARED, max_size=2).map(tuple),
    attributes=st.dictionaries(NAMES, VALUES, max_size=2),
)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A program of up to two functions, inputs in the order of text."""
    functions = {
        name: draw(functions_like()) for name in draw(st.sets(NAMES, max_size=1)) | {"main"}
    }
    inputs = {each.name: each for each in functions["main"].inputs}
    version = draw(st.sampled_from([6, 7, 8, 9]))
    return Program(
        description=ModelDescription(
            specification_version=version,
            inputs=tuple(
                TensorSpec(name=name, shape=(), dtype="float32")
                for name, each in inputs.items()
                if not isinstance(each.type, StateType)
            ),
            outputs=(),
        ),
        functions=functions,
        attributes=draw(st.dictionaries(NAMES, VALUES, max_size=1)),
    )


@st.composite
def functions_like(draw: st.DrawFn) -> Function:
    """A function of any operations, which need not fit together."""
    opset = draw(st.sampled_from(["CoreML5", "CoreML6", "CoreML7", "CoreML8"]))
    block = Block(
        operations=draw(st.lists(OPERATIONS, max_size=3).map(tuple)),
        outputs=draw(st.lists(NAMES, max_size=2).map(tuple)),
    )
    inputs = draw(st.dictionaries(NAMES, TYPES, max_size=2))
    return Function(
        opset=opset,
        inputs=tuple(NamedType(name, inputs[name]) for name in sorted(inputs)),
        specializations={opset: block},
        attributes=draw(st.dictionaries(NAMES, VALUES, max_size=1)),
    )


def tensor(kind: DataType, content: ArrayLike) -> TensorValue:
    """A tensor of these elements."""
    array: NDArray[Any] = np.array(content, kind.numpy)
    return TensorValue(TensorType(kind, array.shape), array)


def texts(pairs: Mapping[str, str]) -> DictionaryValue:
    """A dictionary of these texts."""
    string = TensorType(DataType.STRING)
    held = tuple((constant(key), constant(text)) for key, text in pairs.items())
    return DictionaryValue(DictionaryType(string, string), held)
