"""A plan settles to what bears on one component, and tells what has changed."""

import attrs
import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import (
    AttentionImplementation,
    ComputePrecision,
    ConversionPlan,
)
from coreml_stable_diffusion.domain.coreml.compute_unit import ComputeUnit
from coreml_stable_diffusion.domain.errors import InvalidRequest
from fakes.checkpoints import fake_checkpoint
from hypothesis import given
from hypothesis import strategies as st

sizes = st.none() | st.integers(min_value=1, max_value=64)
plans = st.builds(
    ConversionPlan,
    attention=st.sampled_from(AttentionImplementation),
    precision=st.sampled_from(ComputePrecision),
    compute_unit=st.sampled_from(ComputeUnit),
    latent_height=sizes,
    latent_width=sizes,
    unet_batch_one=st.booleans(),
    text_chunks=st.integers(min_value=1, max_value=8),
    offer_clip_skip=st.booleans(),
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
    with pytest.raises(InvalidRequest, match="latent width: "):
        ConversionPlan(latent_width=size)
