"""What models are given that change pictures."""

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.domain.trial.trial_source import trial_source
from coreml_stable_diffusion.domain.unet_kind import UnetKind
from fakes.checkpoints import fake_checkpoint


@pytest.mark.parametrize("channels", [4, 8, 9])
def test_every_kind_of_unet_is_given_what_it_needs(channels: int) -> None:
    facts = attrs.evolve(fake_checkpoint().facts, unet_channels=channels, latent_width=12)

    source = trial_source(facts)

    UnetKind.of(facts).require(source)
    assert (source is None) == (channels == 4)
    if source is not None:
        assert source.pixels.shape == (64, 96, 3)
        assert len(np.unique(source.pixels)) > 90
