"""What the compiled parts of a model are called, for Apple's code and for Hugging Face's app."""

from .component import Component
from .model_facts import ModelFacts
from .pipeline_manifest import PackageRecord, PipelineManifest


def bundle_name(record: PackageRecord, facts: ModelFacts) -> str:
    """The path of a component's bundle in the Resources folder, such as Unet.mlmodelc."""
    return f"{record.component.resource_name(record.model or facts.model_version)}.mlmodelc"


def archive_title(manifest: PipelineManifest, repository: str | None = None) -> str:
    """The folder in the archive that the app downloads, and the archive's name without ending.

    The app takes both from the repository's name and the way attention is written; without a
    repository the model's own name is taken.
    """
    unet = manifest.record(Component.UNET)
    attention = "original" if unet is None else unet.plan.attention.value.lower()
    own = f"coreml-{manifest.facts.model_version.rsplit('/', 1)[-1]}"
    title = own if repository is None else repository.rsplit("/", 1)[-1]
    return f"{title}_{attention}_compiled"
