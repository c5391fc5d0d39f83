"""A pipeline is built only where its programs fit together."""

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.domain.mil.pipeline import ProgramPipeline
from coreml_stable_diffusion.domain.mil.program import Program
from samples.programs import operation, program

X = np.zeros(2, np.float32)


def relu(source: str, output: str) -> Program:
    return program([operation("relu", [output], x=source)], {source: X}, {output: X})


WHOLE = relu("x", "y").description


def test_programs_that_hand_over_fit() -> None:
    pipeline = ProgramPipeline(description=WHOLE, programs=(relu("x", "a"), relu("a", "y")))

    assert len(pipeline.programs) == 2


def test_an_input_from_nowhere_is_named() -> None:
    with pytest.raises(ValueError, match="program 2 the input b"):
        ProgramPipeline(description=WHOLE, programs=(relu("x", "a"), relu("b", "y")))


def test_an_output_that_nothing_gives_is_named() -> None:
    described = attrs.evolve(WHOLE, outputs=relu("x", "z").description.outputs)

    with pytest.raises(ValueError, match="the output z"):
        ProgramPipeline(description=described, programs=(relu("x", "y"),))
