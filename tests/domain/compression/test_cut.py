"""Programs are cut near half of their bytes, where few values cross."""

import attrs
import pytest
from coreml_stable_diffusion.domain.compression.cut import best_cut
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.value_type import NamedType, StateType, TensorType
from samples.layers import layer, model, weight
from samples.programs import operation, shaped

LAYERS = [
    weight("u", 10),
    weight("v", 10),
    weight("w", 20),
    layer("a", "x", "u"),
    layer("b", "a", "v"),
    layer("y", "b", "w"),
]


def test_both_chunks_have_as_many_bytes() -> None:
    cut = best_cut(model(LAYERS))

    assert (cut.place, cut.first_bytes, cut.second_bytes) == (5, 160, 160)
    assert [each.name for each in cut.crossing] == ["b"]
    assert cut.crossing_bytes == 4 * 4


def test_compressed_weights_count_as_they_are_stored() -> None:
    small = attrs.evolve(
        operation("constexpr_lut_to_dense", ["w"]),
        attributes={"indices": weight("indices", 10).attributes["val"]},
    )

    cut = best_cut(model([weight("u", 10), small, layer("a", "x", "u"), layer("y", "a", "w")]))

    assert (cut.first_bytes, cut.second_bytes) == (80, 80)


def test_decompression_counts_where_its_result_is_used() -> None:
    steps = [
        weight("indices", 10),
        operation("constexpr_lut_to_dense", ["u"], indices="indices"),
        weight("w", 10),
        layer("a", "x", "u"),
        layer("y", "a", "w"),
    ]

    assert best_cut(model(steps)).first_bytes == 80


def test_a_weight_that_both_chunks_use_counts_in_both() -> None:
    steps = [weight("u", 10), layer("a", "x", "u"), layer("y", "a", "u")]

    cut = best_cut(model(steps))

    assert (cut.first_bytes, cut.second_bytes) == (80, 80)


def test_few_values_cross_where_the_chunks_stay_near_equal() -> None:
    wide = [
        weight("u", 100),
        weight("v", 2),
        weight("w", 100),
        layer("a", "x", "u", columns=64),
        layer("b", "a", "v", columns=4),
        layer("y", "b", "w"),
    ]

    cut = best_cut(model(wide))

    assert [each.name for each in cut.crossing] == ["b"]
    assert (cut.first_bytes, cut.second_bytes) == (816, 800)


def test_a_value_that_is_used_far_below_crosses_too() -> None:
    steps = [*LAYERS[:-1], layer("c", "b", "w"), operation("add", ["y"], x="a", y="c")]

    assert [each.name for each in best_cut(model(steps)).crossing] == ["a", "b"]


@pytest.mark.parametrize(
    "kind", [DataType.BOOL, DataType.INT16, DataType.STRING, DataType.UINT8], ids=lambda k: k.value
)
def test_no_value_crosses_that_the_edge_of_a_model_cannot_hold(kind: DataType) -> None:
    steps = [weight("u", 10), weight("w", 10), layer("a", "x", "u")]
    masked = [shaped(operation("greater", ["mask"], x="a", y="a"), (1, 4), kind)]
    used = [layer("b", "a", "w"), operation("select", ["y"], cond="mask", a="b", b="b")]

    assert best_cut(model([*steps, *masked, *used])).place == 3


def test_no_output_comes_from_the_first_chunk() -> None:
    with pytest.raises(InvalidRequest, match="nothing to cut"):
        best_cut(model([weight("u", 10), layer("y", "x", "u"), layer("b", "y", "u")]))


def test_one_step_cannot_be_cut() -> None:
    with pytest.raises(InvalidRequest, match="nothing to cut"):
        best_cut(model([weight("u", 10), layer("y", "x", "u")]))


def test_several_functions_are_refused_by_their_names() -> None:
    made = model(LAYERS)
    two = {"narrow": made.main_function, "main": made.main_function}

    with pytest.raises(InvalidRequest, match="narrow, main"):
        best_cut(attrs.evolve(made, functions=two))


def test_a_state_is_refused() -> None:
    made = model(LAYERS)
    kept = NamedType("kept", StateType(TensorType(DataType.FP16, (1,))))
    function = attrs.evolve(made.main_function, inputs=(*made.main_function.inputs, kept))

    with pytest.raises(InvalidRequest, match="state"):
        best_cut(attrs.evolve(made, functions={"main": function}))


def test_values_without_fixed_shapes_do_not_cross() -> None:
    unknown = shaped(operation("relu", ["b"], x="a"), (), DataType.FP16)
    steps = [weight("u", 10), weight("w", 10), layer("a", "x", "u"), unknown, layer("y", "b", "w")]

    assert best_cut(model(steps)).place == 3
