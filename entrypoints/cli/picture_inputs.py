"""The pictures out of files that others are made from."""

import attrs

from ...domain.pictures.control_picture import ControlPicture, control_pictures
from ...domain.pictures.picture_file import PictureFile
from ...domain.pictures.pixels import to_grey
from ...domain.pictures.source_picture import SourcePicture, source_picture
from ...domain.ports.images import ImageStore
from .picture_options import ControlOptions, SourceOptions


@attrs.frozen(kw_only=True)
class PictureInputs:
    """The files, and what a request has of them; the controls in one order with their files."""

    image: PictureFile | None = None
    mask: PictureFile | None = None
    control_images: tuple[PictureFile, ...] = ()
    source: SourcePicture | None = None
    controls: tuple[ControlPicture, ...] = ()

    @classmethod
    def load(
        cls, store: ImageStore, source: SourceOptions, control: ControlOptions
    ) -> "PictureInputs":
        """Read the files. Raises UnreadablePicture, and InvalidRequest for what does not fit."""
        image = None if source.image is None else store.load(source.image)
        mask = None if source.mask is None else store.load(source.mask)
        files = tuple(map(store.load, control.control_image or ()))
        return cls(
            image=image,
            mask=mask,
            control_images=files,
            source=source_picture(
                None if image is None else image.pixels,
                source.strength,
                None if mask is None else to_grey(mask.pixels),
                keep_outside=source.keep_outside,
            ),
            controls=control_pictures(
                [file.pixels for file in files],
                control.controlnet or (),
                control.control_scale or (),
            ),
        )
