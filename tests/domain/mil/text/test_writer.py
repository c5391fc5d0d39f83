"""MIL text by hand, for each rule of Apple's format; the numbers are the sections that state it.

The rules were found by comparing packages with what Apple's compiler made of them.
"""

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Block, Operation
from coreml_stable_diffusion.domain.mil.program import Function
from coreml_stable_diffusion.domain.mil.text.dialect import FLEXIBLE_SHAPES
from coreml_stable_diffusion.domain.mil.text.writer import program_text
from coreml_stable_diffusion.domain.mil.value import (
    ListValue,
    TensorValue,
)
from coreml_stable_diffusion.domain.mil.value_type import (
    ListType,
    NamedType,
    StateType,
    TensorType,
)
from samples.mil_lines import FP16, line, made, relu, spelled
from samples.mil_values import tensor, texts
from samples.programs import constant

# 2.1 Frame


def test_2_1_the_whole_frame() -> None:
    whole = attrs.evolve(
        made(relu(attributes={"name": constant("y")})),
        attributes={"buildInfo": texts({"a": "1", "b": "2"})},
    )
    block = attrs.evolve(whole.main_function.body, outputs=("y", "x"))
    function = attrs.evolve(whole.main_function, specializations={"CoreML7": block})

    assert "".join(program_text(attrs.evolve(whole, functions={"main": function}))) == (
        "program(1.0)\n"
        "[buildInfo = dict<tensor<string, []>, tensor<string, []>>"
        '({{"a", "1"}, {"b", "2"}})]\n'
        "{\n"
        "    func main<ios17>(tensor<fp16, [1, 2]> x) {\n"
        "            tensor<fp16, [1, 2]> y = relu(x = x)"
        '[name = tensor<string, []>("y")];\n'
        "        } -> (y, x);\n"
        "}"
    )


def test_2_1_the_new_style_has_its_build_info_on_one_line_too() -> None:
    whole = attrs.evolve(made(version=9), attributes={"buildInfo": texts({"a": "1", "b": "2"})})

    assert "".join(program_text(whole)).splitlines()[1] == (
        '[buildInfo = dict<string, string>({{"a", "1"}, {"b", "2"}})]'
    )


@pytest.mark.parametrize(("version", "number"), [(6, "1.0"), (7, "1.0"), (8, "1.0"), (9, "1.3")])
def test_2_1_the_specification_version_alone_decides_the_style(version: int, number: str) -> None:
    for opset in ("CoreML5", "CoreML8"):
        assert spelled(version=version, opset=opset).startswith(f"program({number})\n")


@pytest.mark.parametrize(
    ("opset", "name"),
    [("CoreML5", "ios15"), ("CoreML6", "ios16"), ("CoreML7", "ios17"), ("CoreML8", "ios18")],
)
def test_2_1_operation_sets_have_the_names_of_systems(opset: str, name: str) -> None:
    assert f"    func main<{name}>(" in spelled(opset=opset)


def test_2_1_functions_and_their_inputs_are_sorted_by_name() -> None:
    function = Function(
        opset="CoreML7",
        inputs=(NamedType("b", FP16), NamedType("a", FP16), NamedType("B", FP16)),
        specializations={"CoreML7": Block(operations=(), outputs=())},
    )
    whole = made()
    several = {"main": whole.main_function, "first": function}

    lines = list(program_text(attrs.evolve(whole, functions=several)))

    kind = "tensor<fp16, [1, 2]>"
    assert [each for each in lines if "func" in each] == [
        f"    func first<ios17>({kind} B, {kind} a, {kind} b) {{\n",
        f"    func main<ios17>({kind} x) {{\n",
    ]


def test_2_1_only_the_body_of_the_function_s_operation_set_is_written() -> None:
    whole = made(relu())
    function = whole.main_function
    other = Block(operations=(relu(), relu()), outputs=())
    bodies = {**function.specializations, "CoreML5": other}
    both = attrs.evolve(function, specializations=bodies)

    assert "".join(program_text(attrs.evolve(whole, functions={"main": both}))).count("relu") == 1


# 2.3 Operations


def test_2_3_several_outputs_stand_side_by_side() -> None:
    both = (NamedType("a", FP16), NamedType("b", TensorType(DataType.INT32)))

    assert line(relu(outputs=both), version=9) == (
        "            tensor<fp16, [1, 2]> a, int32 b = relu(x = x);"
    )


def test_2_3_without_outputs_the_line_begins_with_the_operation() -> None:
    assert line(relu(outputs=())) == "            relu(x = x);"


def test_2_3_arguments_and_attributes_are_sorted_by_name() -> None:
    found = line(
        relu(
            inputs={"b": ("x",), "a": ("x",), "B": ("x",)},
            attributes={"z": constant(True), "axis": constant(1)},
        ),
        version=9,
    )

    assert found.endswith("relu(B = x, a = x, b = x)[axis = int32(1), z = bool(true)];")


def test_2_3_an_argument_of_several_values_has_parentheses() -> None:
    found = line(relu(inputs={"values": ("x", constant(2), "x"), "axis": (constant(1),)}), 9)

    assert found.endswith("relu(axis = int32(1), values = (x, int32(2), x));")


def test_2_3_an_argument_of_one_value_has_none() -> None:
    assert line(relu(inputs={"values": ("x",)}), 9).endswith("relu(values = x);")


def test_2_3_a_constant_keeps_its_empty_parentheses() -> None:
    const = relu(inputs={}, attributes={"val": constant(1)})

    assert line(const, 9).endswith(" y = relu()[val = int32(1)];")


# 2.6 Flexible shapes and states


def test_2_6_lists_in_the_ranges_of_shapes_have_square_brackets() -> None:
    shape = TensorType(DataType.INT32, (2,))
    ranges = ListValue(
        ListType(shape),
        tuple(TensorValue(shape, np.array(each, "i4")) for each in ((1, 1), (1, 9))),
    )
    whole = made()
    function = attrs.evolve(whole.main_function, attributes={FLEXIBLE_SHAPES: ranges})

    lines = list(program_text(attrs.evolve(whole, functions={"main": function})))

    assert lines[2] == (
        "    func main<ios17>(tensor<fp16, [1, 2]> x) "
        "[FlexibleShapeInformation = list<tensor<int32, [2]>, ?>([[1, 1], [1, 9]])] {\n"
    )


def test_2_6_states_are_parameters_that_operations_read_and_write() -> None:
    whole = made(
        Operation(
            type="write_state",
            inputs={"input": ("total",), "data": ("x",)},
            outputs=(),
            attributes={"name": constant("total_write_state")},
        ),
        Operation(type="read_state", inputs={"input": ("total",)}, outputs=(NamedType("y", FP16),)),
        version=9,
        opset="CoreML8",
    )
    function = attrs.evolve(
        whole.main_function,
        inputs=(NamedType("total", StateType(FP16)), NamedType("x", FP16)),
    )

    text = "".join(program_text(attrs.evolve(whole, functions={"main": function})))

    assert text == (
        "program(1.3)\n"
        "{\n"
        "    func main<ios18>(state<tensor<fp16, [1, 2]>> total, tensor<fp16, [1, 2]> x) {\n"
        '            write_state(data = x, input = total)[name = string("total_write_state")];\n'
        "            tensor<fp16, [1, 2]> y = read_state(input = total);\n"
        "        } -> ();\n"
        "}"
    )


# What is not known


@pytest.mark.parametrize(
    ("operation", "problem"),
    [
        (relu(blocks=(Block(operations=(), outputs=()),)), "nested blocks"),
        (relu(attributes={"a": tensor(DataType.FP16, np.inf)}), "the spelling of inf"),
        (relu(attributes={"a": tensor(DataType.FP32, [1, np.nan])}), "the spelling of nan"),
        (relu(attributes={"a": constant("a\tb")}), r"the character '\\t'"),
        (relu(inputs={"x": ()}), "an argument without a value"),
        (relu(inputs={"x": ("a b",)}), "cannot hold the name 'a b'"),
    ],
)
def test_what_is_not_known_is_refused_with_its_operation(
    operation: Operation, problem: str
) -> None:
    with pytest.raises(ValueError, match=rf"operation relu \(y\): .*{problem}"):
        spelled(operation)


def test_other_versions_and_operation_sets_are_refused() -> None:
    with pytest.raises(ValueError, match="specification version 10 is not known"):
        spelled(version=10)
    with pytest.raises(ValueError, match="operation set 'CoreML9' is not known"):
        spelled(opset="CoreML9")
