"""The drawing that the options of `coreml-sd generate` ask for."""

from collections.abc import Callable

from ...domain.errors import InvalidRequest
from ...domain.request import GenerationRequest
from ..container import Container
from .drawing import Drawing
from .generation_options import Choices
from .given_arrays import GivenArrays
from .output_options import OutputOptions
from .picture_files import Subject, grid_file, picture_files, require_kept
from .picture_inputs import PictureInputs
from .reproduction import Reproduction
from .requested import requested


def ordered_drawing(
    choices: Choices, output: OutputOptions, container: Container, gave: Callable[[str], bool]
) -> Drawing:
    """Read every file that is drawn from; `gave` tells which options the user gave.

    Those that were left out come from the picture that is to be drawn again, if there is one.
    Raises InvalidRequest, and what is unreadable.
    """
    store = container.image_store()
    again = None
    if choices.prompt.from_image is not None:
        again = Reproduction.of(choices.prompt.from_image, store, gave)
        choices = again.settled(choices)
    pictures = PictureInputs.load(store, choices.source, choices.control)
    arrays = None
    if choices.prompt.arrays is not None:
        row = None if again is None else again.record.arrays_row
        arrays = GivenArrays.load(container.tensor_files(), choices.prompt.arrays, row)
    if again is not None:
        again.require_same_pictures(pictures)
        again.require_same_arrays(arrays)
    requests = requested(choices, pictures, arrays)
    if gave("steps"):
        _require_as_many_steps(choices.sampling.steps, requests[0])
    subjects = [Subject(prompt=each.prompt, seed=seed) for each in requests for seed in each.seeds]
    files = picture_files(output.output, subjects)
    sources = [*filter(None, (choices.source.image, choices.source.mask))]
    sources += choices.control.control_image or ()
    require_kept(sources, files)
    return Drawing(
        requests=requests,
        files=files,
        model=choices.model,
        pictures=pictures,
        arrays=arrays,
        save_every=output.save_every,
        grid=grid_file(output.grid, (*files, *sources)),
        require=None if again is None else again.require_same_packages,
    )


def _require_as_many_steps(steps: int, request: GenerationRequest) -> None:
    """Refuse a number of steps beside a list that decides it."""
    option = "--sigmas" if request.sigmas is not None else "--timesteps"
    if steps != request.run.steps:
        problem = f"{steps} where {option} makes {request.run.steps}; leave one of them out"
        raise InvalidRequest("--steps", problem)
