"""Whatever computes a network of Stable Diffusion 1.5, each loaded as its users load it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from networks import NETWORKS, package
from numpy.typing import NDArray

Predict = Callable[[], NDArray[Any]]
_FLOAT32 = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}


def load_diffusers(network: str, work: Path) -> Predict:
    """PyTorch's module, eager, in float32, with its own fused attention."""
    import torch

    module = NETWORKS[network].module(work).eval()
    examples = NETWORKS[network].examples()

    def predict() -> NDArray[Any]:
        with torch.inference_mode():
            output: NDArray[Any] = module(**examples).numpy()
        return output

    return predict


def load_onnxruntime(network: str, work: Path) -> Predict:
    """Onnxruntime on the module as PyTorch exports it."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Threads that spin while they wait would count as computing.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(
        exported(network, work, "onnx"), options, providers=["CPUExecutionProvider"]
    )
    inputs = {name: each.numpy() for name, each in NETWORKS[network].examples().items()}

    def predict() -> NDArray[Any]:
        output: NDArray[Any] = session.run(None, inputs)[0]
        return output

    return predict


def load_openvino(network: str, work: Path) -> Predict:
    """OpenVINO on the module as it reads it from PyTorch."""
    import openvino

    model = openvino.Core().compile_model(exported(network, work, "xml"), "CPU", _FLOAT32)
    inputs = [each.numpy() for each in NETWORKS[network].examples().values()]

    def predict() -> NDArray[Any]:
        output: NDArray[Any] = model(inputs)[0]
        return output

    return predict


def load_package(mode: str) -> Callable[[str, Path], Predict]:
    """The package on the reference runtime."""

    def load(network: str, work: Path) -> Predict:
        from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
        from coreml_stable_diffusion.adapters.reference.mode import Mode
        from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime

        return _prediction(ReferenceRuntime(MlPackageReader(), mode=Mode(mode)), network, work)

    return load


def load_package_on_openvino(network: str, work: Path) -> Predict:
    """The package on OpenVINO."""
    from coreml_stable_diffusion.adapters.openvino.runtime import OpenVinoRuntime
    from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader

    return _prediction(OpenVinoRuntime(MlPackageReader()), network, work)


def _prediction(runtime: Any, network: str, work: Path) -> Predict:
    loaded = runtime.load(package(work, network))
    inputs, output = NETWORKS[network].inputs(), NETWORKS[network].output
    return lambda: loaded.predict(inputs)[output]


CONTENDERS: Mapping[str, Callable[[str, Path], Predict]] = {
    "diffusers": load_diffusers,
    "onnxruntime": load_onnxruntime,
    "openvino": load_openvino,
    "fast": load_package("fast"),
    "exact": load_package("exact"),
    "faithful": load_package("faithful"),
    "fast_openvino": load_package_on_openvino,
}


def exported(network: str, work: Path, kind: str) -> Path:
    """Where a network is exported to; `kind` is the file's ending."""
    return work / "exported" / network / f"model.{kind}"


def export_onnx(network: str, work: Path) -> None:
    """Write what onnxruntime reads."""
    import torch

    path = exported(network, work, "onnx")
    path.parent.mkdir(parents=True, exist_ok=True)
    module, examples = NETWORKS[network].module(work).eval(), NETWORKS[network].examples()
    torch.onnx.export(
        module,
        tuple(examples.values()),
        str(path),
        input_names=list(examples),
        dynamo=True,
        external_data=True,
        verbose=False,
    )


def export_openvino(network: str, work: Path) -> None:
    """Write what OpenVINO reads, by its own front end for PyTorch."""
    import openvino
    import torch
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

    path = exported(network, work, "xml")
    path.parent.mkdir(parents=True, exist_ok=True)
    module, examples = NETWORKS[network].module(work).eval(), NETWORKS[network].examples()
    with torch.no_grad():
        decoder = TorchScriptPythonDecoder(module, example_input=tuple(examples.values()))
    front_end = FrontEndManager().load_by_framework("pytorch")
    model = front_end.convert(front_end.load(decoder))
    for taken, example in zip(model.inputs, examples.values(), strict=True):
        taken.get_node().set_partial_shape(openvino.PartialShape(example.shape))
    model.validate_nodes_and_infer_types()
    openvino.save_model(model, path, compress_to_fp16=False)


#: What has to be exported before a contender can be loaded, and the file's ending.
EXPORTS: Mapping[str, tuple[str, Callable[[str, Path], None]]] = {
    "onnxruntime": ("onnx", export_onnx),
    "openvino": ("xml", export_openvino),
}
