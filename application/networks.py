"""The networks of one model folder: loaded when they are first needed, released to save memory."""

from collections.abc import Callable, Iterable
from pathlib import Path

from ..domain.component import Component
from ..domain.coreml.compute_unit import ComputeUnit
from ..domain.pipeline_manifest import PipelineManifest
from ..domain.ports.networks import Network, NetworkRuntime
from ..domain.ports.observing import Observer
from ..domain.tensor import Tensors, TensorSpec
from .load_network import load_network


class LazyNetwork(Network):
    """A network that is loaded by its first prediction, and again by the first after `release`."""

    def __init__(self, load: Callable[[], Network]) -> None:
        self._load = load
        self._loaded: Network | None = None
        self._edge: tuple[tuple[TensorSpec, ...], tuple[TensorSpec, ...]] | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether it takes memory now."""
        return self._loaded is not None

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What `predict` takes; known without loading once it was loaded."""
        return (self._edge or self._loaded_edge())[0]

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What `predict` returns; known without loading once it was loaded."""
        return (self._edge or self._loaded_edge())[1]

    def predict(self, inputs: Tensors) -> Tensors:
        """Predict; raises what loading and predicting raise."""
        return self.load().predict(inputs)

    def load(self) -> Network:
        """Make it ready where it is not."""
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def release(self) -> None:
        """Give its memory back."""
        self._loaded = None

    def _loaded_edge(self) -> tuple[tuple[TensorSpec, ...], tuple[TensorSpec, ...]]:
        network = self.load()
        self._edge = (network.inputs, network.outputs)
        return self._edge


class Networks:
    """One network for each component that was asked for, and for each ControlNet."""

    def __init__(
        self,
        *,
        runtime: NetworkRuntime,
        observer: Observer,
        manifest: PipelineManifest,
        folder: Path,
        compute_unit: ComputeUnit,
        low_memory: bool,
    ) -> None:
        """With `low_memory` a network is loaded when it predicts, and released on demand."""
        self._runtime = runtime
        self._observer = observer
        self._manifest = manifest
        self._folder = folder
        self._compute_unit = compute_unit
        self._low_memory = low_memory
        self._networks: dict[Path, LazyNetwork] = {}

    @property
    def controlnet_names(self) -> tuple[str, ...]:
        """What the ControlNets of the folder are called."""
        return tuple(self._manifest.controlnets(self._folder))

    def of(self, component: Component) -> LazyNetwork:
        """The component's network, loaded or not. Raises MissingComponent."""
        return self._at(self._manifest.package(component, self._folder))

    def controlnet(self, name: str) -> LazyNetwork:
        """A ControlNet, one of `controlnet_names`."""
        return self._at(self._manifest.controlnets(self._folder)[name])

    def load(self, components: Iterable[Component], controlnets: Iterable[str] = ()) -> None:
        """Make these ready all at once; to save memory only see to it that they are there.

        Raises MissingComponent before anything is loaded, and what the runtime raises.
        """
        wanted = [*map(self.of, components), *map(self.controlnet, controlnets)]
        missing = [network for network in wanted if not network.is_loaded]
        if self._low_memory or not missing:
            return
        with self._observer.task("Loading", steps=len(missing)) as task:
            for network in missing:
                network.load()
                task.advance()

    def release(self, *components: Component) -> None:
        """To save memory, unload what is not needed for now."""
        self._release(self.of(each) for each in components if self._manifest.record(each))

    def release_controlnets(self, names: Iterable[str]) -> None:
        """To save memory, unload these for now."""
        self._release(map(self.controlnet, names))

    def _release(self, networks: Iterable[LazyNetwork]) -> None:
        if self._low_memory:
            for network in networks:
                network.release()

    def _at(self, package: Path) -> LazyNetwork:
        if package not in self._networks:
            self._networks[package] = LazyNetwork(
                lambda: load_network(self._runtime, package, self._compute_unit)
            )
        return self._networks[package]
