"""What networks are tried on."""

import numpy as np
from coreml_stable_diffusion.domain.pictures.pixels import from_bytes
from coreml_stable_diffusion.domain.trial.structured_inputs import CASES, chosen, unheard
from fakes.networks import FakeNetwork, spec

PICTURE = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)


def network(*inputs: tuple[str, tuple[int, ...]]) -> FakeNetwork:
    return FakeNetwork(
        inputs=tuple(spec(name, shape) for name, shape in inputs),
        outputs=(),
        script=lambda _: {},
    )


def test_the_first_and_the_last_prediction_are_among_the_few() -> None:
    heard = [{"x": np.array(index)} for index in range(25)]

    few = chosen(heard)

    assert len(few) == CASES
    assert few[0] is heard[0]
    assert few[-1] is heard[-1]


def test_what_was_predicted_once_is_looked_at_once() -> None:
    assert len(chosen([{"x": np.array(0)}])) == 1


def test_a_picture_goes_where_pictures_go() -> None:
    given = unheard(network(("x", (1, 3, 4, 6))), [], PICTURE)

    assert given["x"].dtype == np.float16
    assert np.array_equal(given["x"], from_bytes(PICTURE).astype(np.float16))


def test_an_input_is_what_another_network_was_given_last_for_as_many_as_it_takes() -> None:
    heard = [{"sample": np.full((1, 4), number)} for number in (1.0, 2.0)]

    given = unheard(network(("sample", (2, 4))), heard, PICTURE)

    assert np.array_equal(given["sample"], np.full((2, 4), 2.0))


def test_all_else_is_the_same_noise_every_time() -> None:
    heard = [{"sample": np.zeros((1, 5))}]
    taking = network(("sample", (2, 4)), ("unknown", (3,)))

    given, again = unheard(taking, heard, PICTURE), unheard(taking, heard, PICTURE)

    assert given["sample"].shape == (2, 4)
    assert given["unknown"].any()
    assert all(np.array_equal(given[name], again[name]) for name in given)
