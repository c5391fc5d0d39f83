"""`coreml-sd run`: one prediction with arrays from a file."""

import json
from pathlib import Path

import typer

from ...adapters.reference.mode import Mode
from ...domain.coreml.compute_unit import ComputeUnit
from ...domain.errors import InvalidRequest
from ..settings import RuntimeChoice, Settings
from . import options

EXAMPLES = """\b
Decode a latent with a bundle:
  coreml-sd run VAEDecoder.mlmodelc --inputs latent.npz --outputs picture.npz

\b
Keep what each operation gives, to compare:
  coreml-sd run Unet.mlpackage --inputs in.npz --outputs out.npz --mode exact --trace all.npz

\b
Give a picture to an input that takes one:
  coreml-sd run Classifier.mlpackage --picture image=cat.png --outputs out.npz --json

\b
Find what float16 cannot hold:
  coreml-sd run VAEDecoder.mlpackage --inputs in.npz --outputs out.npz --mode faithful
"""


def run(
    *,
    package: options.PackageOrBundle,
    inputs: options.Inputs = None,
    picture: options.Pictures = None,
    outputs: options.Outputs,
    function: options.Function = None,
    trace: options.Trace = None,
    runtime: options.Runtime = RuntimeChoice.AUTO,
    mode: options.ReferenceMode = Mode.FAST,
    device: options.ReferenceDevice = None,
    threads: options.Threads = None,
    compute_unit: options.ComputeUnits = ComputeUnit.ALL,
    as_json: options.AsJson = False,
) -> None:
    """Run a package or bundle once and print the file of its outputs.

    Arrays go in and come out under their names, in .npz files as numpy.savez writes them; `inspect`
    tells names, shapes and types. The faithful mode tells on stderr which operations gave infinite
    results or NaN, those first where it began.
    """
    from ..container import Container  # noqa: PLC0415 - help is answered without adapters
    from .examination_view import document, faults_table  # noqa: PLC0415 - see above
    from .named_pictures import named_pictures  # noqa: PLC0415 - see above

    settings = Settings.from_environment(
        runtime=runtime, mode=mode, function=function, device=device, threads=threads
    )
    container = Container(settings=settings)
    pictures = named_pictures(container.image_store(), picture or [])
    if _looks_inside(settings, trace):
        examination = container.examine()(package, inputs, outputs, trace, pictures)
        typer.echo(faults_table(examination.faults), err=True, nl=False)
        report = document(outputs, examination.outputs, examination.faults)
    else:
        results = container.run()(package, inputs, outputs, compute_unit, pictures)
        report = document(outputs, results, faults=None)
    typer.echo(json.dumps(report, indent=2) if as_json else outputs)


def _looks_inside(settings: Settings, trace: Path | None) -> bool:
    by_reference = settings.runtime is RuntimeChoice.REFERENCE
    if trace is not None and not by_reference:
        raise InvalidRequest(
            "--trace",
            f"{settings.runtime.value} shows nothing of what is inside; take --runtime reference",
        )
    return trace is not None or (settings.mode is Mode.FAITHFUL and by_reference)
