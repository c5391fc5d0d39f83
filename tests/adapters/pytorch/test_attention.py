"""However attention is written, networks compute what diffusers computes."""

import copy

import pytest
import torch
from coreml_stable_diffusion.adapters.pytorch.attention import write_attention
from coreml_stable_diffusion.domain.conversion.plan import AttentionImplementation
from coreml_stable_diffusion.domain.errors import InvalidRequest
from diffusers import AutoencoderKL, ControlNetModel, UNet2DConditionModel
from diffusers.models.attention_processor import Attention
from samples.checkpoints import WIDTH, build_unet, randomised
from torch import nn

SPLIT_EINSUM = AttentionImplementation.SPLIT_EINSUM
SPLIT_EINSUM_V2 = AttentionImplementation.SPLIT_EINSUM_V2
EACH = pytest.mark.parametrize("implementation", AttentionImplementation)


@pytest.fixture(params=[False, True], ids=["convolutions", "linear"])
def original(request: pytest.FixtureRequest) -> UNet2DConditionModel:
    """A UNet with projections as in Stable Diffusion 1, or as in 2."""
    torch.manual_seed(0)
    return randomised(build_unet(use_linear_projection=request.param))


def rewritten(
    network: UNet2DConditionModel, implementation: AttentionImplementation, size: tuple[int, int]
) -> UNet2DConditionModel:
    made = copy.deepcopy(network)
    write_attention(made, implementation, size)
    return made


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(len(shape)))


def run(network: nn.Module, sample: torch.Tensor, texts: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        result: torch.Tensor = network(
            sample, torch.tensor([500.0] * 2), encoder_hidden_states=texts
        ).sample
    return result


def assert_near(found: torch.Tensor, wanted: torch.Tensor) -> None:
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-5)


@EACH
@pytest.mark.parametrize("size", [(24, 24), (32, 16), (20, 52)])
def test_a_rewritten_unet_is_diffusers(
    original: UNet2DConditionModel, implementation: AttentionImplementation, size: tuple[int, int]
) -> None:
    sample, texts = noise(2, 4, *size), noise(2, 77, WIDTH)

    found = run(
        rewritten(original, implementation, size), sample, texts.transpose(1, 2).unsqueeze(2)
    )

    assert_near(found, run(original, sample, texts))


@pytest.mark.parametrize("places", [511, 512, 513, 2304])
def test_chunks_leave_no_query_out(places: int) -> None:
    """48 x 48 = 2304 places is what a picture of 768 by 768 has in its second block."""
    layer, other = (UNetWithOneAttention(each) for each in (SPLIT_EINSUM, SPLIT_EINSUM_V2))
    other.load_state_dict(layer.state_dict())
    states, texts = noise(2, WIDTH, 1, places), noise(2, WIDTH, 1, 77)

    assert_near(other.attend(states), layer.attend(states))
    assert_near(other.attend(states, texts), layer.attend(states, texts))


class UNetWithOneAttention(nn.Module):
    """The first attention of a rewritten UNet."""

    def __init__(self, implementation: AttentionImplementation) -> None:
        super().__init__()
        network = build_unet()
        write_attention(network, implementation, (64, 64))
        self.layer = next(each for each in network.modules() if isinstance(each, Attention))

    def attend(self, states: torch.Tensor, texts: torch.Tensor | None = None) -> torch.Tensor:
        with torch.no_grad():
            result: torch.Tensor = self.layer(states, encoder_hidden_states=texts)
        return result


def test_a_controlnet_is_rewritten_too(original: UNet2DConditionModel) -> None:
    network = ControlNetModel.from_unet(original).eval()
    other = copy.deepcopy(network)
    write_attention(other, SPLIT_EINSUM, (8, 8))
    sample, texts, picture = noise(2, 4, 8, 8), noise(2, 77, WIDTH), noise(2, 3, 64, 64)

    with torch.no_grad():
        wanted = network(sample, 500, texts, picture)
        found = other(sample, 500, texts.transpose(1, 2).unsqueeze(2), picture)

    assert_near(found.mid_block_res_sample, wanted.mid_block_res_sample)


@EACH
def test_parameters_keep_their_names_and_their_numbers(
    original: UNet2DConditionModel, implementation: AttentionImplementation
) -> None:
    before = original.state_dict()

    after = rewritten(original, implementation, (64, 64)).state_dict()

    assert after.keys() == before.keys()
    assert all(torch.equal(after[name].reshape(each.shape), each) for name, each in before.items())


def test_a_weight_of_zero_in_a_norm_leaves_the_bias(original: UNet2DConditionModel) -> None:
    for module in original.modules():
        if isinstance(module, nn.LayerNorm):
            nn.init.zeros_(module.weight[::2])
    sample, texts = noise(2, 4, 8, 8), noise(2, 77, WIDTH)

    found = run(
        rewritten(original, SPLIT_EINSUM, (8, 8)), sample, texts.transpose(1, 2).unsqueeze(2)
    )

    assert_near(found, run(original, sample, texts))


def test_too_few_places_for_a_chunk_are_refused(original: UNet2DConditionModel) -> None:
    with pytest.raises(InvalidRequest, match=r"chunks of 512 places.* 16 x 24; take SPLIT_EINSUM"):
        rewritten(original, SPLIT_EINSUM_V2, (16, 24))


def test_attention_counts_where_it_first_is() -> None:
    """The second block has a quarter of the places."""
    network = build_unet(
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
    )

    with pytest.raises(InvalidRequest, match="16 x 16"):
        write_attention(network, SPLIT_EINSUM_V2, (32, 32))


def test_attention_of_another_kind_is_refused() -> None:
    autoencoder = AutoencoderKL(block_out_channels=(32,))

    with pytest.raises(ValueError, match="is no attention of Stable Diffusion"):
        write_attention(autoencoder, SPLIT_EINSUM, (8, 8))
