"""A Hub that remembers what was published."""

import attrs
from coreml_stable_diffusion.domain.errors import UnwritableRepository
from coreml_stable_diffusion.domain.hub.publication import Publication
from coreml_stable_diffusion.domain.ports.publishing import Publisher


@attrs.define
class FakePublisher(Publisher):
    """`published` are the publications and how they were sent; writing to `locked` is forbidden."""

    gated: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    published: list[tuple[Publication, bool, bool]] = attrs.field(factory=list)

    def card(self, publication: Publication) -> str:
        front_matter = "\n".join(f"{key}: {value}" for key, value in publication.metadata.items())
        return f"---\n{front_matter}\n---\n\n{publication.text}"

    def publish(
        self, publication: Publication, *, private: bool = False, create_pr: bool = False
    ) -> str:
        if publication.repository in self.locked:
            raise UnwritableRepository(publication.repository, "you may not write there")
        self.published.append((publication, private, create_pr))
        return f"hub/{publication.repository}"

    def is_gated(self, repository: str) -> bool:
        return repository in self.gated
