"""diffusers and transformers without their advice and bars, which a caller may want elsewhere."""

import contextlib
from collections.abc import Iterator

import diffusers.utils.logging as diffusers_log
import transformers.utils.logging as transformers_log


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Let both libraries report errors only, and put back what was set before."""
    levels = diffusers_log.get_verbosity(), transformers_log.get_verbosity()
    had_bar = transformers_log.is_progress_bar_enabled()
    diffusers_log.set_verbosity_error()
    transformers_log.set_verbosity_error()
    transformers_log.disable_progress_bar()
    try:
        yield
    finally:
        diffusers_log.set_verbosity(levels[0])
        transformers_log.set_verbosity(levels[1])
        if had_bar:
            transformers_log.enable_progress_bar()
