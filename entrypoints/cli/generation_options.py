"""Everything that decides what `coreml-sd generate` draws."""

import attrs

from .model_options import ModelOptions
from .picture_options import ControlOptions, SourceOptions
from .prompt_options import PromptOptions
from .sampling_options import SamplingOptions
from .xl_options import XlOptions


@attrs.frozen(kw_only=True)
class Choices:
    """Everything that decides what is drawn."""

    prompt: PromptOptions
    model: ModelOptions
    sampling: SamplingOptions
    source: SourceOptions
    control: ControlOptions
    xl: XlOptions
