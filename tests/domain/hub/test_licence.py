"""Which licences let a conversion be published."""

import pytest
from coreml_stable_diffusion.domain.hub.licence import objection


@pytest.mark.parametrize(
    "licence", ["creativeml-openrail-m", "openrail++", "mit", "apache-2.0", "cc-by-nc-sa-4.0"]
)
def test_licences_that_allow_derivatives_do(licence: str) -> None:
    assert objection(licence) is None


@pytest.mark.parametrize("licence", [None, "other", "cc-by-nc-nd-4.0", "sai-nc-community"])
def test_others_keep_a_conversion_back(licence: str | None) -> None:
    assert objection(licence)
