"""What a model says is read as it was written, with and without a message to begin with."""

import attrs
import pytest
from coreml_stable_diffusion.adapters.packages.description_encoding import description_message
from coreml_stable_diffusion.adapters.packages.description_messages import model_description
from coreml_stable_diffusion.adapters.packages.schema import new_message
from coreml_stable_diffusion.domain.mil.program import ModelDescription
from coreml_stable_diffusion.domain.pixel_layout import PixelLayout
from coreml_stable_diffusion.domain.tensor import ListedShapes, SizeRanges, TensorSpec

SPECS = (
    TensorSpec(name="fixed", shape=(1, 4), dtype="float16", description="an array"),
    TensorSpec(name="ids", shape=(1,), dtype="int32"),
    TensorSpec(
        name="ranged", shape=(1, 4), dtype="float32", flexibility=SizeRanges(((1, 1), (2, None)))
    ),
    TensorSpec(
        name="listed", shape=(1, 4), dtype="float32", flexibility=ListedShapes(((1, 4), (1, 8)))
    ),
    TensorSpec(name="grey", shape=(4, 6), dtype="uint8", pixels=PixelLayout.GRAYSCALE),
    TensorSpec(name="picture", shape=(4, 6, 3), dtype="uint8", pixels=PixelLayout.BGR),
    TensorSpec(
        name="ranged_grey",
        shape=(4, 6),
        dtype="uint8",
        flexibility=SizeRanges(((2, 8), (3, None))),
        pixels=PixelLayout.GRAYSCALE,
    ),
    TensorSpec(
        name="ranged_picture",
        shape=(4, 6, 3),
        dtype="uint8",
        flexibility=SizeRanges(((2, 8), (3, None), (3, 3))),
        pixels=PixelLayout.RGB,
    ),
    TensorSpec(
        name="listed_picture",
        shape=(4, 6, 3),
        dtype="uint8",
        flexibility=ListedShapes(((4, 6, 3), (8, 2, 3))),
        pixels=PixelLayout.RGB,
    ),
)
DESCRIPTION = ModelDescription(
    specification_version=8, inputs=SPECS[:3], outputs=SPECS[3:], metadata={"version": "2"}
)


def read_back(description: ModelDescription) -> ModelDescription:
    model = new_message("Model")
    model.specificationVersion = description.specification_version
    model.description.CopyFrom(description_message(description, "main"))
    return model_description(model)


def without_message(description: ModelDescription) -> ModelDescription:
    return attrs.evolve(description, message=b"")


def test_a_description_needs_no_message_to_begin_with() -> None:
    assert without_message(read_back(DESCRIPTION)) == DESCRIPTION


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_an_input_can_become_any_other(spec: TensorSpec) -> None:
    known = read_back(DESCRIPTION)
    changed = attrs.evolve(known, inputs=(attrs.evolve(spec, name="fixed"),))

    assert without_message(read_back(changed)) == without_message(changed)


def test_what_the_fields_do_not_tell_is_kept() -> None:
    message = description_message(DESCRIPTION, "main")
    message.predictedFeatureName = "listed"
    message.input[0].type.isOptional = True
    known = attrs.evolve(DESCRIPTION, message=message.SerializeToString())
    renamed = attrs.evolve(known.inputs[0], description="another text")

    kept = description_message(attrs.evolve(known, inputs=(renamed,)), "main")

    assert kept.predictedFeatureName == "listed"
    assert kept.input[0].type.isOptional
    assert kept.input[0].shortDescription == "another text"
