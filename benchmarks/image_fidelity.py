"""How near pictures of the converted model are to diffusers' from the same noise, in dB.

python benchmarks/image_fidelity.py --json image_fidelity.json
"""

from pathlib import Path

from coreml_stable_diffusion.domain.fidelity import psnr_db
from pocket_pictures import Settings, orders, paint_with_diffusers, paint_with_packages
from report import arguments, print_table, write

_SCHEDULERS = ("PNDM", "DPMSolverMultistep")


def main() -> None:
    """Paint both ways with each scheduler and compare picture by picture."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=12)
    parser.add_argument("-m", "--model", type=Path, help="a folder of packages made from pocket")
    options = parser.parse_args()
    wanted = orders(options.pictures)
    figures: dict[str, dict[str, float]] = {}
    for scheduler in _SCHEDULERS:
        settings = Settings(scheduler=scheduler)
        pairs = zip(
            paint_with_diffusers(wanted, settings),
            paint_with_packages(wanted, settings, options.model),
            strict=True,
        )
        figures[scheduler] = {
            order.prompt: psnr_db(ours, theirs)
            for order, (theirs, ours) in zip(wanted, pairs, strict=True)
        }
    rows = [
        [order.prompt, *(f"{figures[scheduler][order.prompt]:.1f}" for scheduler in _SCHEDULERS)]
        for order in wanted
    ]
    print_table("PSNR in dB of 8-bit pictures, peak 255", ["prompt", *_SCHEDULERS], rows)
    write(options.json, figures)


if __name__ == "__main__":
    main()
