"""Who keeps which promise: the one place where adapters and use cases meet."""

from dependency_injector import providers

from ..adapters.console.without_notes import WithoutNotes
from ..adapters.coreml.network_converter import CoremltoolsConverter
from ..adapters.files.apple_folders import AppleFolders
from ..adapters.files.locked_folders import LockedFolders
from ..adapters.files.model_folders import LocalModelFolders
from ..adapters.files.tensor_files import NpzFiles
from ..adapters.files.verifications import LocalVerifications
from ..adapters.files.zip_archives import ZipArchiver
from ..adapters.huggingface.model_repositories import HuggingFaceHub
from ..adapters.huggingface.publisher import HuggingFacePublisher
from ..adapters.packages.model_decoder import MlModelDecoder
from ..adapters.pillow.images import PillowImageResizer, PngImageStore
from ..adapters.pytorch.network_tracer import TorchTracer
from ..adapters.pytorch.original_networks import TorchOriginals
from ..adapters.pytorch.projection_file import TorchScriptProjections
from ..adapters.reference.mode import Mode
from ..adapters.reference.runtime import ReferenceRuntime
from ..application.bundle import Bundle
from ..application.chunk_unets import ChunkUnets
from ..application.convert import Convert
from ..application.convert_projection import ConvertProjection
from ..application.denoise import Denoise
from ..application.departures import Departures
from ..application.describe import Describe
from ..application.download import Download
from ..application.examine import Examine
from ..application.generate import Generate
from ..application.load_pipeline import LoadPipeline
from ..application.publish import Publish
from ..application.reproduce import Reproduce
from ..application.run import Run
from ..application.share_weights import ShareWeights
from ..application.verify import Verify
from .checkpoints import Checkpoints
from .package_tools import PackageTools


class Container(PackageTools):
    """Everything there is, built once with the settings."""

    own_model_folders = providers.Singleton(LocalModelFolders, PackageTools.workspace)
    archiver = providers.Singleton(ZipArchiver)
    verifications = providers.Singleton(LocalVerifications, PackageTools.workspace)
    tensor_files = providers.Singleton(NpzFiles, PackageTools.workspace)
    image_store = providers.Singleton(PngImageStore)
    image_resizer = providers.Singleton(PillowImageResizer)

    checkpoints = providers.Container(
        Checkpoints, settings=PackageTools.settings, workspace=PackageTools.workspace
    )
    network_tracer = providers.Singleton(TorchTracer)
    network_converter = providers.Singleton(
        CoremltoolsConverter, providers.Singleton(MlModelDecoder)
    )

    # What reads folders also takes those of Apple's tool, which have no pipeline.json.
    model_folders = providers.Singleton(
        AppleFolders,
        own_model_folders,
        PackageTools.package_reader,
        PackageTools.settings.provided.kind,
    )

    convert = providers.Factory(
        Convert,
        parts=checkpoints.container.part_sources,
        tracer=network_tracer,
        converter=network_converter,
        writer=PackageTools.package_writer,
        workspace=PackageTools.workspace,
        model_folders=own_model_folders,
        turns=providers.Singleton(LockedFolders),
        observer=PackageTools.observer,
    )
    share_weights = providers.Factory(
        ShareWeights,
        model_folders=own_model_folders,
        workspace=PackageTools.workspace,
        sharing=PackageTools.workspace,
    )
    reproduce = providers.Factory(Reproduce, convert)
    # What stands in the cache is nobody's folder, so nobody asks what was reused there.
    convert_into_cache = providers.Factory(
        convert, observer=providers.Factory(WithoutNotes, PackageTools.observer)
    )
    convert_projection = providers.Factory(
        ConvertProjection,
        projections=providers.Singleton(TorchScriptProjections),
        converter=network_converter,
        writer=PackageTools.package_writer,
        compiler=PackageTools.bundle_compiler,
        workspace=PackageTools.workspace,
    )
    describe = providers.Factory(
        Describe, model_folders=model_folders, configurations=checkpoints.container.configurations
    )
    chunk_unets = providers.Factory(
        ChunkUnets,
        chunk=PackageTools.chunk,
        model_folders=model_folders,
        reader=PackageTools.package_reader,
        workspace=PackageTools.workspace,
        observer=PackageTools.observer,
    )
    bundle = providers.Factory(
        Bundle,
        model_folders=model_folders,
        own_model_folders=own_model_folders,
        reader=PackageTools.package_reader,
        compiler=PackageTools.bundle_compiler,
        archiver=archiver,
        workspace=PackageTools.workspace,
        observer=PackageTools.observer,
    )
    download = providers.Factory(
        Download,
        hub=providers.Singleton(HuggingFaceHub, quiet=PackageTools.settings.provided.quiet),
        archiver=archiver,
        workspace=PackageTools.workspace,
        observer=PackageTools.observer,
        unpacked=PackageTools.settings.provided.unpacked,
    )
    run = providers.Factory(Run, runtime=PackageTools.network_runtime, tensor_files=tensor_files)
    examine = providers.Factory(
        Examine, runtime=PackageTools.reference_runtime, tensor_files=tensor_files
    )
    load_pipeline = providers.Factory(
        LoadPipeline,
        model_folders=model_folders,
        configurations=checkpoints.container.configurations,
        runtime=PackageTools.network_runtime,
        resizer=image_resizer,
        observer=PackageTools.observer,
    )
    denoise = providers.Factory(Denoise, observer=PackageTools.observer)
    generate = providers.Factory(Generate, observer=PackageTools.observer)
    _exact_runtime = providers.Singleton(
        ReferenceRuntime,
        PackageTools.package_reader,
        PackageTools.settings.provided.threads,
        Mode.EXACT,
    )
    verify = providers.Factory(
        Verify,
        parts=checkpoints.container.part_sources,
        originals=providers.Singleton(TorchOriginals),
        model_folders=model_folders,
        runtime=PackageTools.network_runtime,
        exact=_exact_runtime,
        departures=providers.Factory(
            Departures,
            tracer=network_tracer,
            converter=network_converter,
            exact=_exact_runtime,
            observer=PackageTools.observer,
        ),
        rounded=providers.Singleton(
            ReferenceRuntime,
            PackageTools.package_reader,
            PackageTools.settings.provided.threads,
            Mode.FAITHFUL,
        ),
        load_pipeline=load_pipeline.provider,
        generate=generate,
        observer=PackageTools.observer,
    )
    publish = providers.Factory(
        Publish,
        publisher=providers.Singleton(
            HuggingFacePublisher, quiet=PackageTools.settings.provided.quiet
        ),
        bundle=bundle,
        model_folders=model_folders,
        verifications=verifications,
        reader=PackageTools.package_reader,
        workspace=PackageTools.workspace,
    )
