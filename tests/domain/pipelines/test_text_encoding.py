"""What goes into the text encoders and what comes out of them."""

import json
from typing import Any

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest, PredictionError
from coreml_stable_diffusion.domain.pipelines.text_encoding import (
    PENULTIMATE_OUTPUT,
    XL_OUTPUT,
    TextEncoder,
    TextEncoding,
)
from coreml_stable_diffusion.domain.prompt.syntax import PromptSyntax
from coreml_stable_diffusion.domain.tensor import Tensors
from coreml_stable_diffusion.domain.tokenizer.clip_tokenizer import ClipTokenizer
from coreml_stable_diffusion.domain.tokenizer.vocabulary import parse_vocabulary
from fakes.networks import FakeNetwork, fake_text_encoder, fake_vae_decoder

VOCABULARY = parse_vocabulary(
    json.dumps({"a</w>": 0, "b</w>": 1, "<|startoftext|>": 2, "<|endoftext|>": 3}), ""
)


def encoder(network: FakeNetwork) -> TextEncoder:
    return TextEncoder(tokenizer=ClipTokenizer(vocabulary=VOCABULARY), network=network)


def nothing(length: int) -> FakeNetwork:
    return fake_text_encoder(lambda _: {"last_hidden_state": 0.0}, length=length)


def test_the_text_encoder_decides_how_long_a_prompt_may_be() -> None:
    tokens = encoder(nothing(length=5)).tokenize("a b a b a")

    assert [chunk.ids for chunk in tokens.chunks] == [(2, 0, 1, 0, 3)]
    assert tokens.cut == "b a"


def test_ids_reach_the_text_encoder_as_float32() -> None:
    network = nothing(length=4)
    made = encoder(network)
    made.encode(made.tokenize("b"))

    (inputs,) = network.calls
    assert inputs["input_ids"].dtype == np.float32
    assert np.array_equal(inputs["input_ids"], [[2, 1, 3, 3]])


def test_hidden_states_become_columns() -> None:
    states = np.arange(4 * 8, dtype=np.float32).reshape(1, 4, 8)
    made = encoder(fake_text_encoder(lambda _: {"last_hidden_state": states}, length=4))

    encoded = made.encode(made.tokenize("b"))

    assert encoded.hidden_states.shape == (1, 8, 1, 4)
    assert np.array_equal(encoded.hidden_states[0, :, 0, :], states[0].T)


def test_two_encoders_give_their_widths_one_after_the_other_and_the_last_one_pools() -> None:
    first = fake_text_encoder(lambda _: {"last_hidden_state": 1.0}, length=4, hidden=3)
    second = fake_text_encoder(
        lambda _: {"last_hidden_state": 2.0, "pooled_outputs": 3.0}, length=4, hidden=2
    )
    encoding = TextEncoding(encoders=(encoder(first), encoder(second)), pools=True)

    encoded = encoding.encode(encoding.tokenize("a"))

    assert np.array_equal(encoded.hidden_states[0, :, 0, 0], [1, 1, 1, 2, 2])
    assert encoded.pooled is not None
    assert np.array_equal(encoded.pooled, [[3, 3]])


def test_nothing_is_pooled_where_the_unet_does_not_want_it() -> None:
    encoding = TextEncoding(encoders=(encoder(nothing(length=4)),))

    assert encoding.encode(encoding.tokenize("a")).pooled is None


def see_ids(inputs: Tensors) -> dict[str, Any]:
    """Every token's state is its id and 1; the pooled vector is the first id after the start."""
    ids = inputs["input_ids"]
    return {
        "last_hidden_state": np.repeat(ids[:, :, np.newaxis] + 1, 2, axis=2),
        PENULTIMATE_OUTPUT: np.full((1, ids.shape[1], 2), -1.0),
        "pooled_outputs": ids[:, 1:2],
    }


def test_weights_are_laid_on_the_states_whose_mean_stays() -> None:
    made = encoder(fake_text_encoder(see_ids, length=4, hidden=2))

    encoded = made.encode(made.tokenize("(b:2)", PromptSyntax.A1111))

    # Start, b, end and padding are 3, 2, 4 and 4; with a weight of 2 their sum is 15, not 13.
    expected = np.array([3, 4, 4, 4]) * 13 / 15
    np.testing.assert_allclose(encoded.hidden_states[0, 0, 0], expected, rtol=1e-6)


def test_chunks_follow_one_another_and_the_first_one_is_pooled() -> None:
    network = fake_text_encoder(see_ids, length=4, hidden=2)
    made = encoder(network)

    encoded = made.encode(made.tokenize("b a BREAK a", PromptSyntax.A1111, room=2))

    assert encoded.hidden_states.shape == (1, 2, 1, 8)
    assert encoded.hidden_states[0, 0, 0].tolist() == [3, 2, 1, 4, 3, 1, 4, 4]
    assert encoded.pooled is not None
    assert encoded.pooled.tolist() == [[1, 1]]


def test_a_short_prompt_fills_the_room_again_and_again_but_is_encoded_once() -> None:
    network = fake_text_encoder(see_ids, length=4, hidden=2)
    made = encoder(network)

    encoded = made.encode(made.tokenize("b", room=3))

    assert encoded.hidden_states[0, 0, 0].tolist() == [3, 2, 4, 4] * 3
    assert len(network.calls) == 1


def test_what_does_not_go_evenly_into_the_room_is_followed_by_nothing() -> None:
    made = encoder(fake_text_encoder(see_ids, length=4, hidden=2))

    encoded = made.encode(made.tokenize("a b b", room=3))

    assert encoded.hidden_states[0, 0, 0].tolist() == [3, 1, 2, 4, 3, 2, 4, 4, 3, 4, 4, 4]


def test_the_last_layer_is_left_out_where_the_network_offers_that() -> None:
    network = fake_text_encoder(see_ids, length=4, hidden=2)
    penultimate = attrs.evolve(network.outputs[0], name=PENULTIMATE_OUTPUT)
    made = encoder(attrs.evolve(network, outputs=(*network.outputs, penultimate)))

    assert np.all(made.encode(made.tokenize("a"), clip_skip=1).hidden_states == -1)
    with pytest.raises(InvalidRequest, match=r"^--clip-skip: .* convert it with --offer-clip-skip"):
        encoder(nothing(length=4)).encode(made.tokenize("a"), clip_skip=1)


def test_a_network_without_the_input_is_told() -> None:
    stranger = encoder(fake_vae_decoder(lambda _: {"image": 0.0}))

    with pytest.raises(PredictionError, match="no input input_ids; it has: z"):
        stranger.tokenize("a")


def test_encoders_that_leave_a_layer_out_already_offer_no_other() -> None:
    made = attrs.evolve(encoder(nothing(length=4)), output=XL_OUTPUT)

    with pytest.raises(InvalidRequest, match=r"--clip-skip: the text encoders of .* XL leave"):
        made.encode(made.tokenize("a"), clip_skip=1)
