"""How repositories on the Hugging Face Hub are written."""

from typing import Protocol

from ..hub.publication import Publication


class Publisher(Protocol):
    """Writes to the Hub in the name of whoever is logged in."""

    def card(self, publication: Publication) -> str:
        """The model card as it will stand in the repository, front matter and all."""
        ...

    def publish(
        self, publication: Publication, *, private: bool = False, create_pr: bool = False
    ) -> str:
        """Commit all files at once, or open a pull request of them; give the address.

        Files that are there already and the same change nothing.

        A repository that is not there is made. What an attempt that broke off had brought over is
        not brought over again; until the commit nobody sees any of it. Raises
        UnwritableRepository.
        """
        ...

    def is_gated(self, repository: str) -> bool:
        """Whether people have to ask for a model; False where nobody can tell."""
        ...
