"""`coreml-sd publish`: converted networks go to the Hub."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ..settings import Settings
from . import hub_options, options

if TYPE_CHECKING:
    from ...domain.hub.publication import SamplePicture
    from ...domain.ports.images import ImageStore

EXAMPLES = """\b
See what would be published, and the model card:
  coreml-sd publish sd15 --repo me/coreml-sd15 --dry-run

\b
Publish two forms of a model, with a picture that it drew:
  coreml-sd publish sd15 sd15-split --repo me/coreml-sd15 --picture astronaut.png

\b
Propose it to a repository of others:
  coreml-sd publish sd15 --repo them/coreml-sd15 --create-pr
"""


def publish(
    *,
    folders: hub_options.PublishedFolders,
    repository: hub_options.TargetRepository,
    pictures: hub_options.SamplePictures = None,
    dry_run: hub_options.DryRun = False,
    private: hub_options.Private = False,
    create_pr: hub_options.CreatePullRequest = False,
    allow_unverified: hub_options.AllowUnverified = False,
    rights_cleared: hub_options.RightsCleared = False,
    quiet: options.Quiet = False,
) -> None:
    """Publish folders of packages on the Hugging Face Hub and print the address.

    Packages, compiled bundles and the zips that the Hugging Face Swift app downloads are laid out
    as in Apple's repositories, beside a model card with the findings of `coreml-sd verify`.
    Everything appears in one commit; what broke off is taken up by publishing again.
    """
    from ..container import Container  # noqa: PLC0415 - help is answered without adapters

    container = Container(settings=Settings.from_environment(quiet=quiet))
    use_case = container.publish()
    publication = use_case.prepare(
        folders,
        repository,
        _samples(pictures or [], container.image_store()),
        allow_unverified=allow_unverified,
        rights_cleared=rights_cleared,
    )
    sizes_bytes = {place: file.stat().st_size for place, file in publication.files.items()}
    if dry_run:
        for place, size_bytes in sorted(sizes_bytes.items()):
            typer.echo(f"{size_bytes:>14,}  {place}")
        typer.echo(f"{sum(sizes_bytes.values()):>14,}  bytes in all\n")
        typer.echo(use_case.card(publication), nl=False)
        return
    with container.observer().task(f"Publishing {sum(sizes_bytes.values()) / 1e9:.2f} GB"):
        address = use_case(publication, private=private, create_pr=create_pr)
    typer.echo(address)


def _samples(pictures: Sequence[Path], store: "ImageStore") -> "list[SamplePicture]":
    from ...domain.hub.publication import SamplePicture  # noqa: PLC0415 - help needs none of it
    from ..picture_record import settings_of  # noqa: PLC0415 - see above

    samples = []
    for file in pictures:
        _, settings = settings_of(store.load(file))
        prompt, seed = str(settings.get("prompt", "")), settings.get("seed")
        samples.append(
            SamplePicture(file=file, prompt=prompt, seed=seed if isinstance(seed, int) else None)
        )
    return samples
