"""The promises of domain/ports/publishing.py, kept by the fake and by the Hub's real client."""

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from coreml_stable_diffusion.adapters.huggingface.publisher import HuggingFacePublisher
from coreml_stable_diffusion.domain.errors import UnwritableRepository
from coreml_stable_diffusion.domain.hub.publication import Publication
from coreml_stable_diffusion.domain.ports.publishing import Publisher
from fakes.publishing import FakePublisher
from samples.hub.server import TOKEN, Hub, serving

LOCKED, GATED, MISSING = "stranger/model", "owner/gated", "owner/missing"


@pytest.fixture(params=["fake", "client"])
def publisher(request: pytest.FixtureRequest) -> Iterator[Publisher]:
    if request.param == "fake":
        yield FakePublisher(gated=(GATED,), locked=(LOCKED,))
        return
    with serving(Hub()) as hub:
        hub.repository(GATED, gated=True)
        hub.repository(LOCKED, locked=True)
        yield HuggingFacePublisher(endpoint=hub.endpoint, token=TOKEN)


@pytest.fixture
def publication(tmp_path: Path) -> Publication:
    (tmp_path / "weight.bin").write_bytes(bytes(5000))
    return Publication(
        repository="owner/new",
        files={"original/packages/a.mlpackage/weight.bin": tmp_path / "weight.bin"},
        metadata={"library_name": "coreml", "license": "mit", "tags": ["coreml"]},
        text="# A model\n",
    )


def test_a_card_has_front_matter_and_text(publisher: Publisher, publication: Publication) -> None:
    card = publisher.card(publication)

    assert card.startswith("---\n")
    assert "license: mit" in card
    assert card.rstrip().endswith("# A model")


def test_what_was_published_has_an_address(publisher: Publisher, publication: Publication) -> None:
    assert "owner/new" in publisher.publish(publication, private=True)
    other = attrs.evolve(publication, text="# Another\n")
    assert "owner/new" in publisher.publish(other, create_pr=True)


def test_nobody_writes_where_they_may_not(publisher: Publisher, publication: Publication) -> None:
    with pytest.raises(UnwritableRepository, match="you may not write there"):
        publisher.publish(attrs.evolve(publication, repository=LOCKED))


def test_gates_are_seen(publisher: Publisher) -> None:
    assert publisher.is_gated(GATED)
    assert not publisher.is_gated(MISSING)
