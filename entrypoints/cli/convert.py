"""`coreml-sd convert`: a checkpoint becomes a folder of Core ML packages."""

import typer

from ...domain.additions import Additions
from ...domain.changes import Embedding, Lora
from ...domain.component import Component
from ...domain.conversion.plan import AttentionImplementation, ComputePrecision, ConversionPlan
from ...domain.coreml.compute_unit import ComputeUnit
from ...domain.coreml.deployment_target import DeploymentTarget
from ...domain.errors import InvalidRequest
from ..choices import chosen
from . import options, palettes
from .sizes import chosen_sizes

EXAMPLES = """\b
Convert the small model that is built in:
  coreml-sd convert pocket -o pocket-coreml

\b
Convert a model of the Hub for pictures of 768 by 512 pixels:
  coreml-sd convert stable-diffusion-v1-5/stable-diffusion-v1-5 -o sd15-wide --latent-width 96

\b
Convert a model with two ControlNets and the UNet that takes what they give:
  coreml-sd convert stable-diffusion-v1-5/stable-diffusion-v1-5 -o sd15-control \\
    --controlnet lllyasviel/sd-controlnet-canny --controlnet lllyasviel/sd-controlnet-depth

\b
Convert two networks of a checkpoint on the disk:
  coreml-sd convert ./my-checkpoint -o my-packages --components unet,text_encoder

\b
Make packages of another size whose weights take no more room on the disk:
  coreml-sd convert ./my-checkpoint -o wide --size 768x512 --share-weights-with my-packages

\b
Make the same packages again that somebody else has made:
  coreml-sd convert --recipe theirs/pipeline.json -o mine

\b
Make what Apple's Swift package loads, for phones:
  coreml-sd convert ./my-checkpoint -o my-packages --chunk-unet --bundle-resources
"""


def convert(
    *,
    model: options.Checkpoint = None,
    output: options.PackageFolder,
    components: options.Components = None,
    attention_implementation: options.Attention = AttentionImplementation.ORIGINAL,
    latent_height: options.LatentHeight = None,
    latent_width: options.LatentWidth = None,
    size: options.Sizes = None,
    min_deployment_target: options.MinDeploymentTarget = DeploymentTarget.MACOS13,
    compute_unit: options.ComputeUnits = ComputeUnit.ALL,
    precision: options.Precision = ComputePrecision.FLOAT16,
    vae_precision: options.VaePrecision = None,
    prediction_type: options.Prediction = None,
    unet_batch_one: options.UnetBatchOne = False,
    controlnet: options.ControlNets = None,
    refiner: options.Refiner = None,
    custom_vae: options.CustomVae = None,
    lora: options.Loras = None,
    embedding: options.Embeddings = None,
    allow_pickle: options.AllowPickle = False,
    text_chunks: options.TextChunks = 1,
    offer_clip_skip: options.OfferClipSkip = False,
    quantize_nbits: palettes.Bits = None,
    quantize_group_size: palettes.GroupSize = None,
    quantize_vae: palettes.Vae = False,
    quantize_embeddings: palettes.Embeddings = False,
    recipe: options.Recipe = None,
    share_weights_with: options.ShareWeightsWith = None,
    check_output_correctness: options.CheckOutput = False,
    chunk_unet: options.ChunkUnet = False,
    bundle_resources: options.BundleResources = False,
    revision: options.Revision = None,
    quiet: options.Quiet = False,
) -> None:
    """Convert a checkpoint to Core ML packages and print their folder.

    Packages that are already there and were made of the same weights with the same settings are
    kept; a package takes its place only when it is whole.
    """
    # Help is answered without adapters.
    from ..conversion import convert as convert_to  # noqa: PLC0415 - see above
    from .reproducing import reproduce  # noqa: PLC0415 - see above

    palettization = palettes.palettization(
        quantize_nbits,
        quantize_group_size,
        min_deployment_target,
        embeddings=quantize_embeddings,
        vae=quantize_vae,
    )
    height, width, further_sizes = chosen_sizes(size, latent_height, latent_width)
    plan = ConversionPlan(
        components=None if components is None else _components(components),
        attention=attention_implementation,
        deployment_target=min_deployment_target,
        compute_unit=compute_unit,
        precision=precision,
        vae_precision=vae_precision,
        latent_height=height,
        latent_width=width,
        further_sizes=further_sizes,
        prediction_type=None if prediction_type is None else prediction_type.value,
        unet_batch_one=unet_batch_one,
        text_chunks=text_chunks,
        offer_clip_skip=offer_clip_skip,
        palettization=palettization,
        vae_palettization=palettization if quantize_vae else None,
    )
    additions = Additions(
        controlnets=tuple(controlnet or ()),
        refiner=refiner,
        vae=custom_vae,
        loras=tuple(Lora.parse(each) for each in lora or ()),
        embeddings=tuple(Embedding.parse(each) for each in embedding or ()),
    )
    if recipe is not None:
        reproduce(recipe, output, model, plan, additions, quiet=quiet)
    elif model is None:
        raise InvalidRequest("MODEL", "say what to convert, or give --recipe")
    else:
        convert_to(
            model,
            output,
            plan,
            revision=revision,
            additions=additions,
            allow_pickle=allow_pickle,
            quiet=quiet,
        )
    typer.echo(output)
    if chunk_unet or bundle_resources or share_weights_with is not None:
        from ..container import Container  # noqa: PLC0415 - help is answered without adapters
        from ..settings import Settings  # noqa: PLC0415 - see above

        container = Container(settings=Settings.from_environment(quiet=quiet))
        if share_weights_with is not None:
            shared = container.share_weights()(output, share_weights_with)
            container.observer().note(f"{shared / 1e6:.1f} MB shared with {share_weights_with}")
        if chunk_unet:
            container.chunk_unets()(output, check=check_output_correctness)
        if bundle_resources:
            typer.echo(container.bundle()(output))
    if check_output_correctness:
        from ..settings import Settings  # noqa: PLC0415 - help is answered without adapters
        from .checking import check  # noqa: PLC0415 - see above

        settings = Settings.from_environment(allow_pickle=allow_pickle, quiet=quiet)
        check(settings, output, against=model, additions=additions)


def _components(names: str) -> tuple[Component, ...]:
    spellings = {each.value.replace("-", "_"): each.value for each in Component}
    words = [name.strip() for name in names.split(",")]
    known = [spellings.get(word.replace("-", "_"), word) for word in words]
    return tuple(chosen(Component, "--components", word) for word in known)
