"""Each chunk is a whole program, and together they say what the one before said."""

import pytest
from coreml_stable_diffusion.domain.compression.chunking import chunks
from coreml_stable_diffusion.domain.compression.cut import best_cut
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.mil.scope import undefined_names
from coreml_stable_diffusion.domain.mil.value_type import NamedType, TensorType
from samples.layers import layer, model, weight
from samples.programs import operation, shaped

STEPS = [
    weight("u", 10),
    weight("w", 10),
    layer("a", "x", "u"),
    layer("y", "a", "w"),
]


def cut(program: Program) -> tuple[Program, Program]:
    return chunks(program, best_cut(program))


def made(program: Program) -> list[str]:
    return [each.outputs[0].name for each in program.main_function.body.operations]


def test_float16_crosses_as_float32_under_its_own_name() -> None:
    first, second = cut(model(STEPS))

    wide = NamedType("a", TensorType(DataType.FP32, (1, 4)))
    assert first.main_function.body.operations[-1].outputs == (wide,)
    assert wide in second.main_function.inputs
    [given], [taken] = first.description.outputs, second.description.inputs
    assert given == taken
    assert (given.name, given.shape, given.dtype.name) == ("a", (1, 4), "float32")


def test_the_casts_stand_at_the_cut() -> None:
    first, second = cut(model(STEPS))

    assert made(first) == ["u", "a_in_fp16", "a_dtype", "a"]
    assert made(second) == ["a_in_fp16_dtype", "a_in_fp16", "w", "y"]
    assert second.main_function.body.operations[-1].inputs["x"] == ("a_in_fp16",)


def test_what_is_not_float16_crosses_as_it_is() -> None:
    ids = shaped(operation("cast", ["a"], x="x"), (1, 4), DataType.INT32)
    steps = [weight("u", 10), weight("w", 10), ids, layer("b", "a", "u"), layer("y", "b", "w")]
    skip = operation("gather", ["y"], x="b", indices="a")

    first, second = cut(model([*steps[:-1], weight("v", 10), layer("c", "b", "v"), skip]))

    assert {each.name: each.dtype.name for each in first.description.outputs} == {
        "a": "int32",
        "b": "float32",
    }
    assert "a_dtype" not in made(first)
    assert [each.name for each in second.main_function.inputs] == ["a", "b"]


def test_inputs_go_where_they_are_used() -> None:
    twice = [*STEPS[:-1], layer("b", "a", "w"), operation("add", ["y"], x="b", y="x")]

    first, second = cut(model(twice))

    assert [each.name for each in first.main_function.inputs] == ["x"]
    assert [each.name for each in second.main_function.inputs] == ["x", "a"]


def test_a_constant_goes_to_both_where_both_use_it() -> None:
    first, second = cut(model([weight("u", 10), layer("a", "x", "u"), layer("y", "a", "u")]))

    assert "u" in made(first)
    assert "u" in made(second)


def test_what_nothing_needs_is_left_out() -> None:
    first, second = cut(model([weight("dead", 1), layer("lost", "x", "dead"), *STEPS]))

    assert {"dead", "lost"}.isdisjoint(made(first) + made(second))


def test_a_new_name_is_one_that_nothing_has() -> None:
    taken = [weight("a_in_fp16", 10), weight("w", 10), layer("a", "x", "a_in_fp16")]

    first, second = cut(model([*taken, layer("y", "a", "w")]))

    assert "a_in_fp16_" in made(first)
    assert list(undefined_names(first)) == list(undefined_names(second)) == []


@pytest.mark.parametrize("name", ["a_dtype", "a_in_fp16_dtype"])
def test_a_constant_of_a_cast_has_a_name_that_nothing_has(name: str) -> None:
    steps = [weight(name, 10), weight("w", 10), layer("a", "x", name), layer("b", "a", "w")]

    for chunk in cut(model([*steps, layer("y", "b", name)])):
        assert len(set(made(chunk))) == len(made(chunk))
        assert list(undefined_names(chunk)) == []


def test_the_outputs_and_texts_of_the_model_stay() -> None:
    whole = model(STEPS)

    first, second = cut(whole)

    assert second.description.outputs == whole.description.outputs
    assert first.description.metadata == second.description.metadata == whole.description.metadata
