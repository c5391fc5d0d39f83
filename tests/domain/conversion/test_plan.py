"""A plan settles to what bears on one component, and tells what has changed."""

import attrs
import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.compression.palettization import Palettization
from coreml_stable_diffusion.domain.conversion.plan import (
    AttentionImplementation,
    ComputePrecision,
    ConversionPlan,
)
from coreml_stable_diffusion.domain.coreml.compute_unit import ComputeUnit
from coreml_stable_diffusion.domain.coreml.deployment_target import DeploymentTarget
from coreml_stable_diffusion.domain.errors import InvalidRequest
from fakes.checkpoints import fake_checkpoint
from hypothesis import given
from hypothesis import strategies as st

SIX = Palettization(bits=6)

sizes = st.none() | st.integers(min_value=1, max_value=64)
palettizations = st.none() | st.builds(
    Palettization, bits=st.sampled_from((1, 2, 4, 6, 8)), include_embeddings=st.booleans()
)
plans = st.builds(
    ConversionPlan,
    attention=st.sampled_from(AttentionImplementation),
    precision=st.just(ComputePrecision.FLOAT16),
    vae_precision=st.sampled_from((None, ComputePrecision.FLOAT16)),
    compute_unit=st.sampled_from(ComputeUnit),
    latent_height=sizes,
    latent_width=sizes,
    unet_batch_one=st.booleans(),
    text_chunks=st.integers(min_value=1, max_value=8),
    offer_clip_skip=st.booleans(),
    palettization=palettizations,
    vae_palettization=palettizations,
)
components = st.sampled_from(Component)


@given(plans, components)
def test_settling_twice_is_settling_once(plan: ConversionPlan, component: Component) -> None:
    settled = plan.settled_for(component, fake_checkpoint())

    assert settled.settled_for(component, fake_checkpoint()) == settled


@given(plans, components)
def test_a_settled_plan_has_not_changed_since_itself(
    plan: ConversionPlan, component: Component
) -> None:
    settled = plan.settled_for(component, fake_checkpoint())

    assert list(settled.changes_since(settled)) == []


@given(plans, components)
def test_all_but_the_text_encoders_settle_to_a_size(
    plan: ConversionPlan, component: Component
) -> None:
    settled = plan.settled_for(component, fake_checkpoint())

    has_size = settled.latent_height is not None and settled.latent_width is not None
    texts = (Component.TEXT_ENCODER, Component.TEXT_ENCODER_2)
    assert has_size == (component not in texts)


def test_every_change_is_told_with_both_values() -> None:
    before = ConversionPlan(latent_height=8)
    now = attrs.evolve(
        before,
        latent_height=16,
        precision=ComputePrecision.FLOAT32,
        attention=AttentionImplementation.SPLIT_EINSUM,
    )

    assert list(now.changes_since(before)) == [
        "attention was ORIGINAL, is SPLIT_EINSUM",
        "precision was float16, is float32",
        "latent height was 8, is 16",
    ]


@pytest.mark.parametrize("size", [0, -8])
def test_a_size_below_one_is_refused(size: int) -> None:
    with pytest.raises(InvalidRequest, match=r"^--latent-width: "):
        ConversionPlan(latent_width=size)


@pytest.mark.parametrize("size", [(0, 8), (8, -3)])
def test_a_further_size_below_one_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(InvalidRequest, match=r"^--size: "):
        ConversionPlan(further_sizes=((8, 8), size))


def test_only_with_an_option_the_vae_has_palettes_and_the_safety_checker_never() -> None:
    plan = ConversionPlan(palettization=SIX)

    without = [each for each in Component if plan.palettization_of(each) is None]
    both = attrs.evolve(plan, vae_palettization=SIX)

    assert without == [Component.VAE_DECODER, Component.VAE_ENCODER, Component.SAFETY_CHECKER]
    assert both.palettization_of(Component.VAE_ENCODER) == SIX
    assert both.palettization_of(Component.SAFETY_CHECKER) is None


def test_a_change_of_palettes_is_told() -> None:
    now = ConversionPlan(palettization=attrs.evolve(SIX, include_embeddings=True))

    assert list(now.changes_since(ConversionPlan())) == [
        "palettization was None, is 6 bits, embeddings too"
    ]


@pytest.mark.parametrize(
    ("palettization", "option"),
    [
        (Palettization(bits=3), "--nbits"),
        (Palettization(bits=4, group_size=16), "--group-size"),
    ],
)
def test_palettes_that_older_systems_do_not_know_are_refused(
    palettization: Palettization, option: str
) -> None:
    with pytest.raises(InvalidRequest, match=f"{option}: .* need a program for iOS 18"):
        ConversionPlan(palettization=palettization)

    ConversionPlan(palettization=palettization, deployment_target=DeploymentTarget.MACOS15)


def test_palettes_of_float32_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="--vae-precision: palettes hold float16"):
        ConversionPlan(vae_palettization=SIX, precision=ComputePrecision.FLOAT32)


@pytest.mark.parametrize("component", [Component.VAE_DECODER, Component.VAE_ENCODER])
@pytest.mark.parametrize(
    ("needs", "vae_precision", "settled"),
    [
        (False, None, ComputePrecision.FLOAT16),
        (True, None, ComputePrecision.FLOAT32),
        (True, ComputePrecision.FLOAT16, ComputePrecision.FLOAT16),
        (False, ComputePrecision.FLOAT32, ComputePrecision.FLOAT32),
    ],
)
def test_the_vae_is_as_precise_as_it_has_to_be(
    component: Component,
    vae_precision: ComputePrecision | None,
    settled: ComputePrecision,
    *,
    needs: bool,
) -> None:
    base = fake_checkpoint()
    checkpoint = attrs.evolve(base, facts=attrs.evolve(base.facts, vae_needs_float32=needs))
    plan = ConversionPlan(vae_precision=vae_precision, palettization=SIX)

    once = plan.settled_for(component, checkpoint)

    assert once.precision is settled
    assert once.settled_for(component, checkpoint) == once
    assert plan.settled_for(Component.UNET, checkpoint).precision is ComputePrecision.FLOAT16


def test_several_sizes_bear_on_all_but_the_text_encoders() -> None:
    plan = ConversionPlan(further_sizes=((64, 96),))

    assert plan.settled_for(Component.UNET, fake_checkpoint()).further_sizes == ((64, 96),)
    assert plan.settled_for(Component.TEXT_ENCODER, fake_checkpoint()).further_sizes == ()
    assert list(plan.changes_since(ConversionPlan())) == ["further sizes was none, is 64 x 96"]


def test_attention_in_chunks_is_for_one_size() -> None:
    with pytest.raises(InvalidRequest, match="SPLIT_EINSUM_V2 cuts attention for one size"):
        ConversionPlan(attention=AttentionImplementation.SPLIT_EINSUM_V2, further_sizes=((64, 96),))


def test_a_prediction_type_that_nobody_knows_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="'noise' is none of epsilon, v_prediction, sample"):
        ConversionPlan(prediction_type="noise")


@pytest.mark.parametrize("component", [Component.CONTROL_UNET, Component.CONTROLNET])
def test_what_has_several_sized_inputs_takes_several_sizes_on_newer_systems_only(
    component: Component,
) -> None:
    plan = ConversionPlan(further_sizes=((8, 12),))

    with pytest.raises(InvalidRequest, match="--min-deployment-target macOS15"):
        plan.require_target_of(component)
    plan.require_target_of(Component.UNET)
    attrs.evolve(plan, deployment_target=DeploymentTarget.IOS18).require_target_of(component)
