"""How often a picture shows what its prompt says: PyTorch beside the converted model.

python benchmarks/adherence.py --json adherence.json
"""

from collections.abc import Sequence
from pathlib import Path

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


def adherence(wanted: Sequence[Order], pictures: Sequence[Picture]) -> dict[str, float]:
    """The part of the pictures, from 0 to 1, that shows each aspect of its prompt, and all."""
    found = [
        read(picture).shows(order.combination)
        for order, picture in zip(wanted, pictures, strict=True)
    ]
    return {aspect: sum(each[aspect] for each in found) / len(found) for aspect in _ASPECTS}


def main() -> None:
    """Paint, read and compare."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=100)
    parser.add_argument("--steps", type=int, default=Settings().steps)
    parser.add_argument("--guidance-scale", type=float, default=Settings().guidance_scale)
    parser.add_argument("--scheduler", default=Settings().scheduler)
    parser.add_argument("-m", "--model", type=Path, help="a folder of packages made from pocket")
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
    rows = [[side, *(f"{rates[each]:.0%}" for each in _ASPECTS)] for side, rates in figures.items()]
    print_table(f"Prompt adherence of {len(wanted)} pictures", ["", *_ASPECTS], rows)
    write(options.json, figures)


if __name__ == "__main__":
    main()
