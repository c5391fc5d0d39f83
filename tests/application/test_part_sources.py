"""What goes with a model is opened again as it was, wherever its branch is now."""

import attrs
import pytest
from coreml_stable_diffusion.application.part_sources import PartSources
from coreml_stable_diffusion.domain.additions import Additions
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.model_facts import ModelFamily
from fakes.changing import FakeChanging
from fakes.checkpoints import FakeCheckpointSource, fake_checkpoint
from fakes.companions import FakeCompanionSource
from samples.conversion_world import EDGES, MODEL, REFINER, refiner
from samples.manifests import record

VAE = "owner/vae"


@pytest.fixture
def parts() -> PartSources:
    companions = FakeCompanionSource({EDGES: ModelFamily.SDXL}, vaes={VAE: 4}, head="today")
    source = FakeCheckpointSource({REFINER: refiner()}, controlnets=(EDGES,))
    return PartSources([source], [companions], FakeChanging())


@pytest.mark.parametrize(
    ("component", "model"), [(Component.CONTROLNET, EDGES), (Component.REFINER, REFINER)]
)
def test_what_has_a_package_of_its_own_is_opened_as_recorded(
    parts: PartSources, component: Component, model: str
) -> None:
    made = attrs.evolve(record(component), model=model, revision="then")

    assert parts.of(xl(), made).facts.revision == "then"


def xl() -> Checkpoint:
    base = fake_checkpoint(MODEL)
    return attrs.evolve(base, facts=attrs.evolve(base.facts, family=ModelFamily.SDXL))


def test_what_is_added_is_opened_at_the_revision_that_is_told(parts: PartSources) -> None:
    revisions = {EDGES: "then", REFINER: "before"}
    added = parts.added(xl(), Additions(controlnets=(EDGES,), refiner=REFINER, revisions=revisions))

    assert {part.model: part.revision for part in added} == revisions


@pytest.mark.parametrize(("revisions", "opened"), [({VAE: "then"}, "then"), ({}, "today")])
def test_a_vae_is_told_with_its_revision(
    parts: PartSources, revisions: dict[str, str], opened: str
) -> None:
    changed = parts.changed(xl(), Additions(vae=VAE, revisions=revisions))

    assert [each.revision for each in changed.facts.changes] == [opened]
