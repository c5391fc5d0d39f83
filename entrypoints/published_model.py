"""Models that somebody has converted and published."""

from pathlib import Path

from ..application.download import Download, Wish
from ..domain.hub.choice import Machine


def published_model(
    download: Download, machine: Machine, model: str, revision: str | None
) -> Path | None:
    """Fetch what suits the machine where a repository has it converted, else None.

    Raises what downloading raises.
    """
    wish = Wish(repository=model, revision=revision)
    return download(wish, machine) if download.offers(wish) else None
