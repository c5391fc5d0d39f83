"""Every argument and option of the commands, each told once."""

import enum
from pathlib import Path
from typing import Annotated

import typer

from ...adapters.reference.device import Device
from ...adapters.reference.mode import Mode
from ...domain.component import Component
from ...domain.conversion.plan import AttentionImplementation, ComputePrecision
from ...domain.coreml.compute_unit import ComputeUnit
from ...domain.coreml.deployment_target import DeploymentTarget
from ..settings import RuntimeChoice

COMPONENT_NAMES = ", ".join(component.value for component in Component)


class PredictionType(enum.Enum):
    """What a UNet was trained to tell of a noisy latent."""

    EPSILON = "epsilon"
    V_PREDICTION = "v_prediction"
    SAMPLE = "sample"


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

# Convert
Checkpoint = Annotated[
    str | None,
    typer.Argument(
        metavar="MODEL",
        help="A checkpoint: a diffusers folder, a .safetensors file, an id on the Hub, or pocket;"
        " with --recipe where it is now.",
        show_default=False,
    ),
]
Recipe = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The pipeline.json of packages that are to be made again, byte by byte.",
    ),
]
PackageFolder = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the packages.")
]
Components = Annotated[
    str | None,
    typer.Option(
        metavar="A,B",
        help=f"Networks to convert, out of {COMPONENT_NAMES}; all there are where left out.",
    ),
]
Attention = Annotated[
    AttentionImplementation,
    typer.Option(
        help="How the UNet's attention is written: ORIGINAL for GPUs, SPLIT_EINSUM for the Neural"
        " Engine, SPLIT_EINSUM_V2 for that of phones.",
    ),
]
LatentHeight = Annotated[
    int | None,
    typer.Option(metavar="N", help="Height of the pictures in latent pixels, of 8 pixels each."),
]
LatentWidth = Annotated[
    int | None,
    typer.Option(metavar="N", help="Width of the pictures in latent pixels, of 8 pixels each."),
]
Sizes = Annotated[
    list[str] | None,
    typer.Option(
        "--size",
        metavar="WIDTHxHEIGHT",
        help="Size of the pictures in pixels; several times for packages that take several sizes,"
        " the first being the usual one.",
    ),
]
MinDeploymentTarget = Annotated[
    DeploymentTarget, typer.Option(help="Oldest system that has to load the packages.")
]
Precision = Annotated[ComputePrecision, typer.Option(help="What the packages compute in.")]
VaePrecision = Annotated[
    ComputePrecision | None,
    typer.Option(
        help="What the VAE computes in: float32 where its configuration says that float16 is not"
        " enough, as with most of Stable Diffusion XL, if left out; otherwise --precision.",
        show_default=False,
    ),
]
Prediction = Annotated[
    PredictionType | None,
    typer.Option(
        "--prediction-type",
        help="What the UNet was trained to predict; as the checkpoint says if left out.",
        show_default=False,
    ),
]
UnetBatchOne = Annotated[
    bool, typer.Option("--unet-batch-one", help="Give the UNet a batch of 1 instead of 2.")
]
TextChunks = Annotated[
    int,
    typer.Option(metavar="N", help="Give the UNet room for prompts of N times 75 tokens."),
]
OfferClipSkip = Annotated[
    bool,
    typer.Option(
        "--offer-clip-skip", help="Let the text encoder also give the states for --clip-skip 1."
    ),
]

ControlNets = Annotated[
    list[str] | None,
    typer.Option(
        "--controlnet",
        metavar="MODEL",
        help="A ControlNet to convert too, a folder or an id on the Hub; as often as there are"
        " some.",
    ),
]
Refiner = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL", help="A refiner of Stable Diffusion XL whose UNet is converted too."
    ),
]
CustomVae = Annotated[
    str | None,
    typer.Option(
        "--custom-vae",
        metavar="MODEL",
        help="A VAE in place of the model's own, a folder or an id on the Hub.",
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
AllowPickle = Annotated[
    bool,
    typer.Option(
        "--allow-pickle",
        help="Read weights from pickles where there are no others, letting them make tensors and"
        " nothing else.",
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
ShareWeightsWith = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Packages of the same model, for another size: weights that are equal become other"
        " names (hard links) of theirs.",
    ),
]
CheckOutput = Annotated[
    bool,
    typer.Option(
        "--check-output-correctness",
        help="Hold the packages against PyTorch when they are there, as `coreml-sd verify` does.",
    ),
]
ChunkUnet = Annotated[
    bool, typer.Option("--chunk-unet", help="Cut UNets in two as well, which phones need.")
]
BundleResources = Annotated[
    bool,
    typer.Option(
        "--bundle-resources",
        "--bundle-resources-for-swift-cli",
        help="Make the Resources folder that Apple's Swift package loads as well.",
    ),
]

# Compile and decompile
Package = Annotated[
    Path, typer.Argument(metavar="PACKAGE", help="A .mlpackage folder.", show_default=False)
]
Bundle = Annotated[
    Path, typer.Argument(metavar="BUNDLE", help="A .mlmodelc folder.", show_default=False)
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
