"""What everything outside the networks takes of a step, at the size of Stable Diffusion 1.5.

Whole pictures are drawn with networks of the real edges that answer at once, so that all the time
goes into tokenizing, noise, casts, guidance, schedulers and pixels; it is shared out among the
steps, and held next to a step of a network: the shortest that Apple reports, or your own.

    python benchmarks/overhead.py --json overhead.json
"""

import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from coreml_stable_diffusion.adapters.console.silence import Silence
from coreml_stable_diffusion.application.generate import Generate
from coreml_stable_diffusion.application.load_pipeline import LoadedPipeline
from coreml_stable_diffusion.domain.pictures.control_picture import ControlPicture
from coreml_stable_diffusion.domain.pictures.source_picture import SourcePicture
from coreml_stable_diffusion.domain.pipelines.denoise import DenoisingStep
from coreml_stable_diffusion.domain.request import GenerationRequest
from idle_networks import idle_pipeline
from report import arguments, print_table, write

#: Stable Diffusion 2.1, 6 bits, on an iPad Pro with M2: 3.07 steps a second.
_SHORTEST_STEP_SECONDS = 1 / 3.07
_STEPS, _PICTURES = 25, 8
_PROMPT = "cinematic portrait of an old fisherman, weathered face, dramatic rim lighting, 85mm lens"
_PIXELS = np.random.default_rng(1).integers(0, 256, (512, 512, 3), dtype=np.uint8)
_MASK = np.where(np.arange(512) < 256, np.uint8(255), np.uint8(0)) * np.ones((512, 1), np.uint8)
#: What is asked for beside the prompt.
_REQUESTS: Mapping[str, Mapping[str, Any]] = {
    "PNDM": {},
    "DPM++ 2M Karras": {"scheduler": "DPM++ 2M Karras"},
    "DPM++ 2M SDE": {"scheduler": "DPM++ 2M SDE"},
    "Euler a": {"scheduler": "Euler a"},
    "Heun": {"scheduler": "Heun"},
    "LMS": {"scheduler": "LMS"},
    "UniPC": {"scheduler": "UniPC"},
    "guidance rescale": {"guidance_rescale": 0.7},
    "image to image": {"source": SourcePicture(pixels=_PIXELS, strength=1.0)},
    "inpainting": {"source": SourcePicture(pixels=_PIXELS, mask=_MASK, keep_outside=True)},
    "ControlNet": {"controls": (ControlPicture(pixels=_PIXELS),)},
}


def main() -> None:
    """Measure each kind of picture; processor time, since other work on the machine adds none."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument(
        "--step-seconds",
        type=float,
        default=_SHORTEST_STEP_SECONDS,
        help="how long the UNet takes (default: %(default).3f)",
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pipeline = idle_pipeline(Path(folder))
        seconds = {name: _step_seconds(pipeline, told) for name, told in _REQUESTS.items()}
    print_table(
        f"Outside the networks, {_STEPS} steps, beside {options.step_seconds:.3f} s of a UNet",
        ["", "milliseconds a step", "of a step"],
        [
            [name, f"{each * 1e3:.2f}", f"{each / options.step_seconds:.2%}"]
            for name, each in seconds.items()
        ],
    )
    write(options.json, {"step_seconds": options.step_seconds, "overhead_seconds": seconds})


def _step_seconds(pipeline: LoadedPipeline, told: Mapping[str, Any]) -> float:
    """The median of a few pictures behind one that does not count, by the UNet's calls."""
    generate = Generate(observer=Silence())
    request = GenerationRequest(prompt=_PROMPT, seed=1, num_inference_steps=_STEPS, **told)
    taken = []
    for _ in range(1 + _PICTURES):
        steps = list[DenoisingStep]()
        begun = time.process_time()
        list(generate(pipeline, request, steps.append))
        taken.append((time.process_time() - begun) / len(steps))
    return statistics.median(taken[1:])


if __name__ == "__main__":
    main()
