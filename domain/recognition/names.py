"""Which network a package or bundle is, by the name that Apple's tool gives it."""

import re
from pathlib import PurePosixPath

import attrs

from ..component import Component

_COMPONENTS = [each for each in Component if each is not Component.CONTROLNET]
# The longest first, since text_encoder begins text_encoder_2.
_SUFFIXES = "|".join(sorted((each.value for each in _COMPONENTS), key=len, reverse=True))
_PACKAGE = re.compile(rf"Stable_Diffusion_version_(.+)_({_SUFFIXES})(_chunk[12])?\.mlpackage")
_CONTROLNET = re.compile(r"ControlNet_(.+)\.mlpackage")
_BUNDLE = re.compile(r"(\w+?)(Chunk[12])?\.mlmodelc")
_CONTROLNETS = "controlnet"


@attrs.frozen(kw_only=True)
class NamedNetwork:
    """A network, and the file of its whole: for a chunk, the name that the whole would have.

    `model` is what the names call its checkpoint, "/" and "_" alike; None where they do not.
    """

    component: Component
    file: str
    model: str | None = None


def recognise(path: str) -> NamedNetwork | None:
    """Tell what a path in the folder is; None for what Apple's tool does not write.

    >>> recognise("Stable_Diffusion_version_runwayml_stable-diffusion-v1-5_unet.mlpackage").model
    'runwayml_stable-diffusion-v1-5'
    >>> recognise("UnetChunk2.mlmodelc")
    NamedNetwork(component=<Component.UNET: 'unet'>, file='Unet.mlmodelc', model=None)
    >>> recognise("photo.png") is None
    True
    """
    if match := _PACKAGE.fullmatch(path):
        model, suffix, chunk = match.groups()
        whole = path.replace(f"{chunk}.", ".") if chunk else path
        return NamedNetwork(component=Component(suffix), file=whole, model=model)
    if match := _CONTROLNET.fullmatch(path):
        return NamedNetwork(component=Component.CONTROLNET, file=path, model=match[1])
    parts = PurePosixPath(path)
    match = _BUNDLE.fullmatch(parts.name)
    if match and parts.parent == PurePosixPath(_CONTROLNETS):
        return NamedNetwork(component=Component.CONTROLNET, file=path, model=parts.stem)
    known = {each.resource_name(""): each for each in _COMPONENTS}
    if match and len(parts.parts) == 1 and match[1] in known:
        return NamedNetwork(component=known[match[1]], file=f"{match[1]}.mlmodelc")
    return None
