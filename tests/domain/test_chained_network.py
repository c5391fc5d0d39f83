"""Networks one after another answer as one."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.chained_network import chained
from coreml_stable_diffusion.domain.errors import PredictionError
from fakes.networks import FakeNetwork, spec

FIRST = FakeNetwork(
    inputs=(spec("x", (2,)),),
    outputs=(spec("a", (2,)),),
    script=lambda inputs: {"a": 2 * inputs["x"].astype(np.float32)},
)
SECOND = FakeNetwork(
    inputs=(spec("a", (2,)), spec("z", (2,))),
    outputs=(spec("y", (2,)),),
    script=lambda inputs: {"y": inputs["a"].astype(np.float32) + inputs["z"].astype(np.float32)},
)
GIVEN = {"x": np.array([1, 2], np.float16), "z": np.array([5, 5], np.float16)}


def test_what_a_link_gives_the_next_takes() -> None:
    assert chained("chain", (FIRST, SECOND)).predict(GIVEN)["y"].tolist() == [7, 9]


def test_a_chain_takes_what_no_link_gives() -> None:
    chain = chained("chain", (FIRST, SECOND))

    assert [each.name for each in chain.inputs] == ["x", "z"]
    assert [each.name for each in chain.outputs] == ["y"]


def test_what_does_not_fit_is_told_of_the_chain() -> None:
    with pytest.raises(PredictionError, match="chain: input z is missing"):
        chained("chain", (FIRST, SECOND)).predict({"x": GIVEN["x"]})


def test_a_chain_of_nothing_is_none() -> None:
    with pytest.raises(ValueError, match="a link"):
        chained("chain", ())
