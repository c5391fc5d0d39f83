"""Pictures that are counted over several requests."""

from itertools import islice

from coreml_stable_diffusion.application.series import Series


def test_pictures_are_numbered_on_after_those_before() -> None:
    titles = Series(count=4, before=2).titles()

    assert list(islice(titles, 2)) == ["Picture 3 of 4", "Picture 4 of 4"]
