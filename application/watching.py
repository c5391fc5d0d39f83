"""Whoever watches the steps of pictures, and what they may reply to each."""

import enum
from collections.abc import Callable

import attrs

from ..domain.pipelines.denoise import DenoisingStep
from ..domain.schedulers.prediction import Sample


class Course(enum.Enum):
    """How it goes on: with the next step, with the picture as it is now, or not at all."""

    ON = "on"
    FINISH = "finish"
    END = "end"


@attrs.frozen(kw_only=True)
class Reply:
    """The course to take, and from which sample where that is to be another than the step's."""

    course: Course = Course.ON
    sample: Sample | None = None


GO_ON = Reply()

#: Sees each step after it was taken, the first that is taken with the index 0; None goes on.
Watcher = Callable[[DenoisingStep], Reply | None]
