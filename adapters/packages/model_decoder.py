"""Reads programs from the content of model files, before there is a package around them."""

from typing import final

import attrs
import numpy as np
from numpy.typing import NDArray

from ...domain.mil.program import Program
from ...domain.mil.value import StoredWeight, WeightStorage
from ...domain.ports.packages import ModelDecoder
from .description_messages import main_function, model_description
from .program_messages import program
from .schema import parse_model


@final
class MlModelDecoder(ModelDecoder):
    """Reads `Model` messages of kind ML Program."""

    def decode(self, model: bytes, weights: WeightStorage) -> Program:
        """Read the program; see the port."""
        message = parse_model(model)
        description, main = model_description(message), main_function(message)
        return program(message.mlProgram, description, main, _Unchecked(weights))


@attrs.frozen
class _Unchecked(WeightStorage):
    """Weights whose storage answers for them when they are read."""

    storage: WeightStorage

    def read(self, weight: StoredWeight) -> NDArray[np.generic]:
        return self.storage.read(weight)

    def check(self, weight: StoredWeight) -> None:
        del weight
