"""`coreml-sd run`: one prediction with arrays from a file."""

import typer

from ...adapters.reference.mode import Mode
from ...domain.coreml.compute_unit import ComputeUnit
from ..settings import RuntimeChoice
from . import options

EXAMPLES = """\b
Decode a latent with a bundle:
  coreml-sd run VAEDecoder.mlmodelc --inputs latent.npz --outputs picture.npz

\b
Compute each operation by itself, to compare:
  coreml-sd run Unet.mlpackage --inputs in.npz --outputs exact.npz --mode exact
"""


def run(
    *,
    package: options.PackageOrBundle,
    inputs: options.Inputs,
    outputs: options.Outputs,
    runtime: options.Runtime = RuntimeChoice.AUTO,
    mode: options.ReferenceMode = Mode.FAST,
    compute_unit: options.ComputeUnits = ComputeUnit.ALL,
) -> None:
    """Run a package or bundle once and print the file of its outputs.

    Arrays go in and come out under their names, in .npz files as numpy.savez writes them; `inspect`
    tells names, shapes and types.
    """
    from ..container import Container  # noqa: PLC0415 - help is answered without adapters
    from ..settings import Settings  # noqa: PLC0415 - see above

    settings = Settings.from_environment(runtime=runtime, mode=mode)
    Container(settings=settings).run()(package, inputs, outputs, compute_unit)
    typer.echo(outputs)
