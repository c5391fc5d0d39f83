"""Arguments and options that several commands have, each told once."""

from pathlib import Path
from typing import Annotated

import typer

from ...adapters.reference.device import Device
from ...adapters.reference.mode import Mode
from ...domain.conversion.plan import UnetPrediction
from ...domain.coreml.compute_unit import ComputeUnit
from ..settings import RuntimeChoice
from .named_folder import named_folder

# Shared
Revision = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Branch, tag or commit of a model on the Hub."),
]
ComputeUnits = Annotated[
    ComputeUnit,
    typer.Option(help="Processors that Core ML may use; the reference runtime ignores it."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress and no notes.")]

Runtime = Annotated[
    RuntimeChoice,
    typer.Option(
        help="What executes the packages: Core ML (on a Mac), the reference runtime on PyTorch"
        " (anywhere), OpenVINO (an extra, for Intel), or auto: Core ML on a Mac, the reference"
        " runtime elsewhere.",
    ),
]

# Convert and what belongs to it
Prediction = Annotated[
    UnetPrediction | None,
    typer.Option(
        "--prediction-type",
        help="What the UNet was trained to predict; as the checkpoint says if left out.",
        show_default=False,
    ),
]
AllowPickle = Annotated[
    bool,
    typer.Option(
        "--allow-pickle",
        help="Read weights from pickles where there are no others, letting them make tensors and"
        " nothing else.",
    ),
]
Embeddings = Annotated[
    list[str] | None,
    typer.Option(
        "--embedding",
        metavar="FILE[:WORD]",
        help="Learned tokens of textual inversion, and the word that calls them, which the file or"
        " its name tells where left out; as often as there are some.",
    ),
]
Loras = Annotated[
    list[str] | None,
    typer.Option(
        "--lora",
        metavar="FILE[:SCALE]",
        help="A LoRA in a .safetensors file that is added to the weights, and how much of it, 1"
        " where left out; as often as there are some.",
    ),
]

# Compile and decompile
Package = Annotated[
    Path,
    typer.Argument(
        metavar="PACKAGE", help="A .mlpackage folder.", show_default=False, callback=named_folder
    ),
]
Bundle = Annotated[
    Path,
    typer.Argument(
        metavar="BUNDLE", help="A .mlmodelc folder.", show_default=False, callback=named_folder
    ),
]
OutputFolder = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="DIR",
        help="Folder for the result, which keeps its name; where it comes from if left out.",
    ),
]
WithAppleCompiler = Annotated[
    bool,
    typer.Option("--with-apple-compiler", help="Use the compiler of Xcode, on a Mac."),
]

# Inspect, diff and run
PackageOrBundle = Annotated[
    Path,
    typer.Argument(metavar="PACKAGE", help="A .mlpackage or .mlmodelc folder.", show_default=False),
]
OtherPackageOrBundle = Annotated[
    Path, typer.Argument(metavar="OTHER", help="Another one.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Inputs = Annotated[
    Path | None,
    typer.Option(metavar="FILE.npz", help="The inputs that are arrays, by their names."),
]
Pictures = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=FILE",
        help="A picture for an input that takes one, in the size that it takes; may come again.",
    ),
]
Outputs = Annotated[
    Path, typer.Option(metavar="FILE.npz", help="Where the outputs go.", show_default=False)
]
Function = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="Which of several functions to run; the model's own if left out."
    ),
]
Trace = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.npz",
        help="Where what each operation gives goes too, under its name; not in the fast mode.",
    ),
]
ReferenceMode = Annotated[
    Mode,
    typer.Option(
        "--mode",
        help="How the reference runtime computes: known patterns of operations as one, each"
        " operation by itself, or rounded to float16 as Core ML does. Core ML ignores it.",
    ),
]
ReferenceDevice = Annotated[
    Device | None,
    typer.Option(
        "--device",
        help="What the reference runtime computes on; the processor if left out, and"
        " COREML_SD_DEVICE unset. Core ML ignores it.",
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        metavar="N", min=1, help="How many threads the reference runtime may use; PyTorch's own."
    ),
]
Largest = Annotated[int, typer.Option(metavar="N", min=0, help="How many weights to list.")]
