"""The model card of a repository of converted networks, for people and for the Hub's filters."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from ..inspection import Inspection
from ..model_facts import ModelFacts
from ..verification.report import Verification
from ..verification.threshold import PASSING_PSNR_DB
from .listing import is_repository_name
from .publication import PublishedVariant, SamplePicture

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def card_metadata(facts: ModelFacts) -> dict[str, Any]:
    """The front matter: what the Hub files a model by."""
    metadata: dict[str, Any] = {
        "library_name": "coreml",
        "pipeline_tag": "text-to-image",
        "tags": ["coreml", "core-ml", "stable-diffusion", facts.family.value],
        "license": facts.licence or "other",
    }
    if is_repository_name(facts.model):
        metadata |= {"base_model": facts.model, "base_model_relation": "quantized"}
    return metadata


def card_text(
    repository: str, variants: Sequence[PublishedVariant], samples: Sequence[SamplePicture]
) -> str:
    """The card in Markdown: what it is, how to use it, and how near it is to the original."""
    facts = variants[0].manifest.facts
    parts = [
        f"# {plain(repository.rpartition('/')[2])}",
        _introduction(facts),
        *_pictures(samples),
        _use(repository, facts),
        *(_networks(variant) for variant in variants),
        *(part for variant in variants for part in _fidelity(variant)),
        _licence(facts),
    ]
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    r"""A stranger's text so that neither Markdown nor a terminal takes it for more than text.

    >>> plain("a *red*\x1b[31m circle\n")
    'a \\*red\\*\\[31m circle'
    """
    visible = "".join(
        " " if each in "\n\t" else each
        for each in text
        if each in "\n\t" or not unicodedata.category(each).startswith("C")
    )
    return _SPECIAL.sub(r"\\\1", visible.strip())


def _introduction(facts: ModelFacts) -> str:
    revision = f", revision `{facts.revision}`" if facts.revision else ""
    height, width = (
        facts.vae_scale_factor * size for size in (facts.latent_height, facts.latent_width)
    )
    return (
        f"{plain(facts.model_version)}{revision}, converted to Core ML for pictures of"
        f" {width} x {height} pixels. Runs on Macs, iPhones and iPads with Core ML, and on any"
        " machine with coreml-stable-diffusion."
    )


def _pictures(samples: Sequence[SamplePicture]) -> Iterable[str]:
    if samples:
        yield "## Pictures"
    for each in samples:
        seed = "" if each.seed is None else f", seed {each.seed}"
        prompt = plain(each.prompt)
        yield f"![{prompt}]({each.place.replace(' ', '%20')})\n\n{prompt}{seed}"


def _use(repository: str, facts: ModelFacts) -> str:
    xl = "XL" if facts.family.is_xl else ""
    return f"""## Use it

From Python or the command line, on any machine:

```sh
pip install coreml-stable-diffusion
coreml-sd generate "a prompt" -m {repository}
```

```python
from coreml_stable_diffusion import StableDiffusion

pipeline = StableDiffusion.from_pretrained("{repository}")
pipeline("a prompt").images[0].save("picture.png")
```

In Swift with Apple's package, after downloading one of the `compiled` folders:

```swift
import StableDiffusion

let pipeline = try StableDiffusion{xl}Pipeline(resourcesAt: resources, controlNet: [])
try pipeline.loadResources()
let images = try pipeline.generateImages(configuration: .init(prompt: "a prompt"))
```

In Mochi Diffusion: put a `compiled` folder, renamed as you like, into its folder of models."""


def _networks(variant: PublishedVariant) -> str:
    rows = [
        f"| {name} | {each.weight_bytes / 1e6:.1f} | {_storage(each)} | {each.oldest_systems} |"
        for name, each in variant.packages.items()
    ]
    return "\n".join(
        [
            f"## Networks: {variant.attention}",
            "",
            "| network | MB | weights | oldest systems |",
            "|---|---|---|---|",
            *rows,
        ]
    )


def _storage(inspection: Inspection) -> str:
    """How most of the weights are stored."""
    return inspection.storage[0].storage if inspection.storage else ""


def _fidelity(variant: PublishedVariant) -> Iterable[str]:
    found = variant.verification
    if found is None:
        return
    told = (
        "Each network beside PyTorch in float32, on what it was given while drawing"
        f" `{plain(found.prompt)}` in {found.steps} steps; decibels by the formula of Apple's"
        f" tool, whose threshold is {PASSING_PSNR_DB:g}."
    )
    head = ("| network | output | dB |", "|---|---|---|")
    title = f"## Fidelity: {variant.attention}"
    yield "\n".join([title, "", told, "", *head, *_decibels(found)])


def _decibels(found: Verification) -> Iterable[str]:
    for component in found.components:
        for output in component.outputs:
            yield f"| {component.component.label} | {output.output} | {output.psnr_db:.1f} |"
    yield f"| all | picture, 8 bits | {found.picture_psnr_db:.1f} |"


def _licence(facts: ModelFacts) -> str:
    return (
        "## Licence\n\nThat of the original model"
        + (f": {plain(facts.licence)}." if facts.licence else ".")
        + " Its conditions hold for this conversion too."
    )
