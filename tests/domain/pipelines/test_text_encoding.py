"""What goes into the text encoders and what comes out of them."""

import json

import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import PredictionError
from coreml_stable_diffusion.domain.pipelines.text_encoding import TextEncoder, TextEncoding
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

    assert tokens.ids == (2, 0, 1, 0, 3)
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


def test_a_network_without_the_input_is_told() -> None:
    stranger = encoder(fake_vae_decoder(lambda _: {"image": 0.0}))

    with pytest.raises(PredictionError, match="no input input_ids; it has: z"):
        stranger.tokenize("a")
