import numpy as np
import pytest
from coreml_stable_diffusion.domain.network_edge import outside
from coreml_stable_diffusion.domain.pixel_layout import PixelLayout
from coreml_stable_diffusion.domain.tensor import TensorSpec


@pytest.mark.parametrize("layout", PixelLayout)
def test_what_is_no_picture_is_refused_where_one_is_declared(layout: PixelLayout) -> None:
    declared = TensorSpec(name="y", shape=layout.shape(4, 6), dtype=layout.dtype, pixels=layout)

    for shape in ((), (4, 6), (3, 4, 6), (1, 2, 4, 6), (2, 3, 4, 6), (2, 1, 4, 6)):
        with pytest.raises(ValueError, match="where a picture of"):
            outside(np.zeros(shape, np.float32), declared)
