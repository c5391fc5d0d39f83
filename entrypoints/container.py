"""Who keeps which promise: the one place where adapters and use cases meet."""

import sys

from dependency_injector import containers, providers

from .. import __version__
from ..adapters.console.json_lines import JsonLines
from ..adapters.console.plain_lines import PlainLines
from ..adapters.console.progress_bars import ProgressBars
from ..adapters.console.silence import Silence
from ..adapters.console.without_notes import WithoutNotes
from ..adapters.coreml.apple_compiler import AppleCompiler
from ..adapters.coreml.coreml_runtime import CoreMLRuntime
from ..adapters.coreml.network_converter import CoremltoolsConverter
from ..adapters.files.apple_folders import AppleFolders
from ..adapters.files.model_folders import LocalModelFolders
from ..adapters.files.tensor_files import NpzFiles
from ..adapters.files.verifications import LocalVerifications
from ..adapters.files.workspace import LocalWorkspace
from ..adapters.files.zip_archives import ZipArchiver
from ..adapters.huggingface.model_repositories import HuggingFaceHub
from ..adapters.huggingface.publisher import HuggingFacePublisher
from ..adapters.openvino.runtime import OpenVinoRuntime
from ..adapters.packages.bundle_compiler import MilBundleCompiler
from ..adapters.packages.model_decoder import MlModelDecoder
from ..adapters.packages.package_reader import MlPackageReader
from ..adapters.packages.package_writer import MlPackageWriter
from ..adapters.pillow.images import PillowImageResizer, PngImageStore
from ..adapters.pytorch.network_tracer import TorchTracer
from ..adapters.pytorch.original_networks import TorchOriginals
from ..adapters.pytorch.projection_file import TorchScriptProjections
from ..adapters.reference.mode import Mode
from ..adapters.reference.runtime import ReferenceRuntime
from ..application.bundle import Bundle
from ..application.chunk import Chunk
from ..application.chunk_unets import ChunkUnets
from ..application.compare import Compare
from ..application.compile import Compile
from ..application.compress import Compress
from ..application.convert import Convert
from ..application.convert_projection import ConvertProjection
from ..application.decompile import Decompile
from ..application.denoise import Denoise
from ..application.departures import Departures
from ..application.describe import Describe
from ..application.download import Download
from ..application.examine import Examine
from ..application.generate import Generate
from ..application.inspect import Inspect
from ..application.load_pipeline import LoadPipeline
from ..application.publish import Publish
from ..application.reproduce import Reproduce
from ..application.run import Run
from ..application.share_weights import ShareWeights
from ..application.verify import Verify
from ..domain.ports.observing import Observer
from .checkpoints import Checkpoints
from .settings import ProgressForm, Settings


def _observer(settings: Settings) -> Observer:
    if settings.quiet:
        return Silence()
    if settings.progress is ProgressForm.JSON:
        return JsonLines(sys.stderr)
    return ProgressBars(sys.stderr) if sys.stderr.isatty() else PlainLines(sys.stderr)


class Container(containers.DeclarativeContainer):
    """Built once with the settings; frameworks are imported when an adapter first needs them."""

    settings = providers.Dependency(instance_of=Settings)

    observer = providers.Singleton(_observer, settings)
    workspace = providers.Singleton(LocalWorkspace)
    own_model_folders = providers.Singleton(LocalModelFolders, workspace)
    archiver = providers.Singleton(ZipArchiver)
    verifications = providers.Singleton(LocalVerifications, workspace)
    tensor_files = providers.Singleton(NpzFiles, workspace)
    image_store = providers.Singleton(PngImageStore)
    image_resizer = providers.Singleton(PillowImageResizer)

    checkpoints = providers.Container(Checkpoints, settings=settings, workspace=workspace)
    network_tracer = providers.Singleton(TorchTracer)
    network_converter = providers.Singleton(
        CoremltoolsConverter, providers.Singleton(MlModelDecoder)
    )

    package_reader = providers.Singleton(MlPackageReader, settings.provided.function)
    # What reads folders also takes those of Apple's tool, which have no pipeline.json.
    model_folders = providers.Singleton(AppleFolders, own_model_folders, package_reader)
    package_writer = providers.Singleton(MlPackageWriter)
    bundle_compiler = providers.Singleton(
        MilBundleCompiler, package_reader, f"coreml-stable-diffusion-{__version__}"
    )
    reference_runtime = providers.Singleton(
        ReferenceRuntime,
        package_reader,
        threads=settings.provided.threads,
        mode=settings.provided.mode,
        device=settings.provided.device,
    )
    network_runtime = providers.Selector(
        settings.provided.runtime.value,
        coreml=providers.Singleton(CoreMLRuntime, package_reader),
        reference=reference_runtime,
        openvino=providers.Singleton(
            OpenVinoRuntime, package_reader, threads=settings.provided.threads
        ),
    )

    convert = providers.Factory(
        Convert,
        parts=checkpoints.container.part_sources,
        tracer=network_tracer,
        converter=network_converter,
        writer=package_writer,
        workspace=workspace,
        model_folders=own_model_folders,
        observer=observer,
    )
    share_weights = providers.Factory(
        ShareWeights, model_folders=own_model_folders, workspace=workspace, sharing=workspace
    )
    reproduce = providers.Factory(Reproduce, convert)
    # What stands in the cache is nobody's folder, so nobody asks what was reused there.
    convert_into_cache = providers.Factory(
        convert, observer=providers.Factory(WithoutNotes, observer)
    )
    compile = providers.Factory(Compile, compiler=bundle_compiler, workspace=workspace)
    compile_with_apple = providers.Factory(
        Compile, compiler=providers.Singleton(AppleCompiler), workspace=workspace
    )
    decompile = providers.Factory(
        Decompile, reader=package_reader, writer=package_writer, workspace=workspace
    )
    compress = providers.Factory(
        Compress,
        reader=package_reader,
        writer=package_writer,
        workspace=workspace,
        observer=observer,
    )
    chunk = providers.Factory(
        Chunk,
        reader=package_reader,
        writer=package_writer,
        runtime=network_runtime,
        workspace=workspace,
        observer=observer,
    )
    convert_projection = providers.Factory(
        ConvertProjection,
        projections=providers.Singleton(TorchScriptProjections),
        converter=network_converter,
        writer=package_writer,
        compiler=bundle_compiler,
        workspace=workspace,
    )
    describe = providers.Factory(
        Describe, model_folders=model_folders, configurations=checkpoints.container.configurations
    )
    chunk_unets = providers.Factory(
        ChunkUnets,
        chunk=chunk,
        model_folders=model_folders,
        reader=package_reader,
        workspace=workspace,
        observer=observer,
    )
    bundle = providers.Factory(
        Bundle,
        model_folders=model_folders,
        reader=package_reader,
        compiler=bundle_compiler,
        archiver=archiver,
        workspace=workspace,
        observer=observer,
    )
    download = providers.Factory(
        Download,
        hub=providers.Singleton(HuggingFaceHub, quiet=settings.provided.quiet),
        archiver=archiver,
        workspace=workspace,
        observer=observer,
        unpacked=settings.provided.unpacked,
    )
    inspect = providers.Factory(Inspect, reader=package_reader)
    compare = providers.Factory(Compare, reader=package_reader)
    run = providers.Factory(Run, runtime=network_runtime, tensor_files=tensor_files)
    examine = providers.Factory(Examine, runtime=reference_runtime, tensor_files=tensor_files)
    load_pipeline = providers.Factory(
        LoadPipeline,
        model_folders=model_folders,
        configurations=checkpoints.container.configurations,
        runtime=network_runtime,
        resizer=image_resizer,
        observer=observer,
    )
    denoise = providers.Factory(Denoise, observer=observer)
    generate = providers.Factory(Generate, observer=observer)
    _exact_runtime = providers.Singleton(
        ReferenceRuntime, package_reader, settings.provided.threads, Mode.EXACT
    )
    verify = providers.Factory(
        Verify,
        parts=checkpoints.container.part_sources,
        originals=providers.Singleton(TorchOriginals),
        model_folders=model_folders,
        runtime=network_runtime,
        exact=_exact_runtime,
        departures=providers.Factory(
            Departures,
            tracer=network_tracer,
            converter=network_converter,
            exact=_exact_runtime,
            observer=observer,
        ),
        rounded=providers.Singleton(
            ReferenceRuntime, package_reader, settings.provided.threads, Mode.FAITHFUL
        ),
        load_pipeline=load_pipeline.provider,
        generate=generate,
        observer=observer,
    )
    publish = providers.Factory(
        Publish,
        publisher=providers.Singleton(HuggingFacePublisher),
        bundle=bundle,
        model_folders=model_folders,
        verifications=verifications,
        reader=package_reader,
        workspace=workspace,
    )
