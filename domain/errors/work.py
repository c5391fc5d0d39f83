"""What can go wrong while networks are converted or run."""

from .root import CoremlStableDiffusionError


class PredictionError(CoremlStableDiffusionError):
    """A network was given inputs that do not fit it, or failed while it ran."""

    def __init__(self, network: str, problem: str) -> None:
        super().__init__(f"{network}: {problem}")
        self.network = network
        self.problem = problem


class ConversionFailed(CoremlStableDiffusionError):
    """A component could not be converted."""

    def __init__(self, component: str, problem: str) -> None:
        super().__init__(f"the {component} could not be converted: {problem}")
        self.component = component
        self.problem = problem


class RuntimeUnavailable(CoremlStableDiffusionError):
    """The runtime that was asked for cannot work on this machine."""

    def __init__(self, runtime: str, problem: str) -> None:
        super().__init__(f"the {runtime} runtime is not available here: {problem}")
        self.runtime = runtime
        self.problem = problem


class CompilerUnavailable(CoremlStableDiffusionError):
    """Apple's compiler is not on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "Apple's compiler is part of Xcode, which is not on this machine;"
            " leave out --with-apple-compiler"
        )
