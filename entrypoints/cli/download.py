"""`coreml-sd download`: a converted model comes from the Hub."""

from typing import TYPE_CHECKING

import typer

from ...domain.coreml.compute_unit import ComputeUnit
from ..choices import chosen
from ..settings import RuntimeChoice, Settings
from . import hub_options, options

if TYPE_CHECKING:
    from ...application.download import Download, Wish

EXAMPLES = """\b
See which forms of a model there are, and how large they are:
  coreml-sd download apple/coreml-stable-diffusion-2-1-base --list

\b
Fetch what suits this machine, and put it into a folder:
  coreml-sd download apple/coreml-stable-diffusion-2-1-base -o sd21

\b
Fetch one form for an app:
  coreml-sd download OWNER/NAME --variant split_einsum --kind compiled -o app
"""


def download(
    *,
    repository: hub_options.Repository,
    listed: hub_options.ListVariants = False,
    variant: hub_options.VariantName = None,
    kind: hub_options.KindName = None,
    output: hub_options.DownloadFolder = None,
    revision: options.Revision = None,
    runtime: options.Runtime = RuntimeChoice.AUTO,
    compute_unit: options.ComputeUnits = ComputeUnit.ALL,
    quiet: options.Quiet = False,
) -> None:
    """Fetch converted networks from the Hugging Face Hub and print their folder.

    Without -o they stay in the cache of the Hub's client, where `generate -m OWNER/NAME` finds them
    too. A download that broke off goes on where it ended; every file is held against its checksum.
    """
    # Help is answered without NumPy and the adapters.
    from ...application.download import Wish  # noqa: PLC0415 - see above
    from ...domain.hub.variant import Kind  # noqa: PLC0415 - see above
    from ..container import Container  # noqa: PLC0415 - see above
    from ..this_machine import this_machine  # noqa: PLC0415 - see above

    settings = Settings.from_environment(runtime=runtime, quiet=quiet)
    use_case = Container(settings=settings).download()
    wish = Wish(
        repository=repository,
        revision=revision,
        variant=variant,
        kind=None if kind is None else chosen(Kind, "--kind", kind),
    )
    if listed:
        _list(use_case, wish)
        return
    folder = use_case(wish, this_machine(settings, compute_unit))
    if output is not None:
        use_case.copy(folder, output)
    typer.echo(output or folder)


def _list(use_case: "Download", wish: "Wish") -> None:
    from .text_table import text_table  # noqa: PLC0415 - help is answered without it

    columns = ("variant", "GB", "weights", "pictures", "from", "best on")
    rows = [
        (
            each.variant.name,
            f"{each.variant.size_bytes / 1e9:.2f}",
            each.weights,
            each.pictures,
            each.systems,
            each.runs_best_on,
        )
        for each in use_case.sheets(wish)
    ]
    typer.echo(text_table(wish.repository, columns, rows), nl=False)
