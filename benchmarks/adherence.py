"""How often a picture shows what its prompt says: PyTorch beside the converted model.

With a folder for small models, also what palettes of 6 bits and fewer leave of it.

    python benchmarks/adherence.py --json adherence.json
    python benchmarks/adherence.py --palettes /tmp/palettes --json adherence.json
"""

from collections.abc import Sequence
from pathlib import Path

from coreml_stable_diffusion import convert
from coreml_stable_diffusion.domain.compression.palettization import Palettization
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.coreml.deployment_target import DeploymentTarget
from coreml_stable_diffusion.domain.pocket.reading import read
from pocket_pictures import (
    Order,
    Picture,
    Settings,
    orders,
    paint_with_diffusers,
    paint_with_packages,
)
from report import arguments, print_table, write

_ASPECTS = ("colour", "shape", "background", "all")
_PALETTES = (
    Palettization(bits=6),
    Palettization(bits=4, group_size=16),
    *(Palettization(bits=bits) for bits in (4, 3, 2, 1)),
)


def adherence(wanted: Sequence[Order], pictures: Sequence[Picture]) -> dict[str, float]:
    """The part of the pictures, from 0 to 1, that shows each aspect of its prompt, and all."""
    found = [
        read(picture).shows(order.combination)
        for order, picture in zip(wanted, pictures, strict=True)
    ]
    return {aspect: sum(each[aspect] for each in found) / len(found) for aspect in _ASPECTS}


def palettized(palettization: Palettization, work: Path) -> Path:
    """The pocket model as `convert --quantize-nbits` makes it for iOS 18."""
    folder = work / str(palettization).replace(" ", "-")
    target = DeploymentTarget.IOS18
    plan = ConversionPlan(deployment_target=target, palettization=palettization)
    convert("pocket", folder, plan, quiet=True)
    return folder


def main() -> None:
    """Paint, read and compare."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=100)
    parser.add_argument("--steps", type=int, default=Settings().steps)
    parser.add_argument("--guidance-scale", type=float, default=Settings().guidance_scale)
    parser.add_argument("--scheduler", default=Settings().scheduler)
    parser.add_argument("-m", "--model", type=Path, help="a folder of packages made from pocket")
    parser.add_argument("--palettes", type=Path, help="also convert small models into this folder")
    options = parser.parse_args()
    settings = Settings(
        steps=options.steps,
        guidance_scale=options.guidance_scale,
        scheduler=options.scheduler,
    )
    wanted = orders(options.pictures)
    figures = {
        "pytorch": adherence(wanted, paint_with_diffusers(wanted, settings)),
        "reference": adherence(wanted, paint_with_packages(wanted, settings, options.model)),
    }
    for each in _PALETTES if options.palettes else ():
        model = palettized(each, options.palettes)
        figures[str(each)] = adherence(wanted, paint_with_packages(wanted, settings, model))
    rows = [[side, *(f"{rates[each]:.0%}" for each in _ASPECTS)] for side, rates in figures.items()]
    print_table(f"Prompt adherence of {len(wanted)} pictures", ["", *_ASPECTS], rows)
    write(options.json, figures)


if __name__ == "__main__":
    main()
