"""Why a package that is there cannot stay, in words for the user."""

from collections.abc import Iterator

from .pipeline_manifest import PackageRecord


def reasons_to_rebuild(found: PackageRecord, wanted: PackageRecord) -> tuple[str, ...]:
    """What tells the package that was recorded from the one that is wanted; nothing: it is the one.

    `wanted.files` are the files that are on the disk now.
    """
    return (*_changes(found, wanted), *_other_files(found, wanted))


def reasons_to_forget(found: PackageRecord, wanted: PackageRecord) -> tuple[str, ...]:
    """What keeps a package that nobody asked to convert from working beside the wanted ones.

    It may have been made with other settings, but not from other weights or for another size.
    """
    return (*_other_weights(found, wanted), *_other_size(found, wanted))


def _changes(found: PackageRecord, wanted: PackageRecord) -> Iterator[str]:
    yield from _other_weights(found, wanted)
    yield from wanted.plan.changes_since(found.plan)
    for library, version in wanted.versions.items():
        if found.versions.get(library) != version:
            yield f"{library} was {found.versions.get(library)}, is {version}"


def _other_weights(found: PackageRecord, wanted: PackageRecord) -> Iterator[str]:
    if (found.source, found.file) != (wanted.source, wanted.file):
        yield "it was made from another checkpoint"


def _other_size(found: PackageRecord, wanted: PackageRecord) -> Iterator[str]:
    sizes = (found.plan.latent_height, found.plan.latent_width)
    if sizes != (wanted.plan.latent_height, wanted.plan.latent_width):
        yield f"its latents are {sizes[0]} x {sizes[1]}"


def _other_files(found: PackageRecord, wanted: PackageRecord) -> Iterator[str]:
    if not wanted.files:
        yield "it is gone"
    elif found.files != wanted.files:
        yield "its files have changed"
