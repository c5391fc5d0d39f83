"""The options that draw a picture again, out of its own metadata."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import attrs

from ...domain.errors import InvalidRequest
from ...domain.pipeline_manifest import PipelineManifest
from ...domain.ports.images import ImageStore
from ...domain.prompt.syntax import PromptSyntax
from ...domain.randomness.kind import RandomKind
from ..choices import chosen
from ..picture_record import PictureRecord, read_record
from ..settings import RuntimeChoice
from .generation_options import Choices
from .given_arrays import GivenArrays
from .model_options import ModelOptions
from .picture_inputs import PictureInputs
from .picture_options import ControlOptions, SourceOptions
from .prompt_options import PromptOptions
from .sampling_options import SamplingOptions
from .xl_options import XlOptions

_OPTION = "--from-image"

Options = TypeVar(
    "Options",
    PromptOptions,
    ModelOptions,
    SamplingOptions,
    SourceOptions,
    ControlOptions,
    XlOptions,
)


@attrs.frozen(kw_only=True)
class Reproduction:
    """What a picture tells of itself; what the user `gave` beside it counts more.

    Pictures that it was made from are looked for in its `folder`, then here.
    """

    record: PictureRecord
    folder: Path
    gave: Callable[[str], bool]

    @classmethod
    def of(cls, path: Path, store: ImageStore, gave: Callable[[str], bool]) -> "Reproduction":
        """Read the picture. Raises UnreadablePicture, and InvalidRequest where it has no record."""
        record = read_record(store.load(path))
        return cls(record=record, folder=path.parent, gave=gave)

    def settled(self, choices: Choices) -> Choices:
        """The choices with the picture's own where the user gave none.

        Raises InvalidRequest where a picture that it was made from is not there or another one.
        """
        return Choices(
            prompt=self._prompt(choices.prompt),
            model=self._model(choices.model),
            sampling=self._sampling(choices.sampling),
            source=self._source(choices.source),
            control=self._control(choices.control),
            xl=self._xl(choices.xl),
        )

    def require_same_pictures(self, pictures: PictureInputs) -> None:
        """Raise InvalidRequest where a picture is not the one that this one was made from."""
        recorded = [("--image", self.record.image_sha256), ("--mask", self.record.mask_sha256)]
        recorded += [("--control-image", each.sha256) for each in self.record.controls]
        files = [pictures.image, pictures.mask, *pictures.control_images]
        for (option, sha256), file in zip(recorded, files, strict=False):
            if file is not None and sha256 not in (None, file.sha256):
                problem = f"{file.name} is not the picture that it was made from"
                raise InvalidRequest(_OPTION, f"{problem}; name that one with {option}")

    def require_same_arrays(self, arrays: GivenArrays | None) -> None:
        """Raise InvalidRequest where arrays are not those that this one was drawn from."""
        if arrays is not None and self.record.arrays_sha256 not in (None, arrays.sha256):
            problem = f"{arrays.name} is not the file that it was drawn from"
            raise InvalidRequest(_OPTION, f"{problem}; name that one with --arrays")

    def require_same_packages(self, manifest: PipelineManifest) -> None:
        """Raise InvalidRequest where a network is not the one that drew the picture."""
        found = manifest.digests
        others = [
            name
            for name, digest in self.record.packages.items()
            if name in found and found[name] != digest
        ]
        if others:
            problem = f"the {', '.join(others)} of {manifest.facts.model} did not draw it"
            raise InvalidRequest(_OPTION, f"{problem}; name the folder of its own with --model")

    def _model(self, options: ModelOptions) -> ModelOptions:
        other_model = self.gave("model")
        return self._with(
            options,
            model=self.record.model,
            revision=None if other_model else self.record.revision,
            runtime=chosen(RuntimeChoice, _OPTION, self.record.runtime),
        )

    def _prompt(self, options: PromptOptions) -> PromptOptions:
        return self._with(
            options,
            prompt=None if self.gave("prompts") else self.record.prompt,
            negative_prompt=self.record.negative_prompt,
            prompt_syntax=chosen(PromptSyntax, _OPTION, self.record.prompt_syntax),
            clip_skip=self.record.clip_skip,
            arrays=self._found("arrays", self.record.arrays),
        )

    def _sampling(self, options: SamplingOptions) -> SamplingOptions:
        return self._with(
            options,
            height=self.record.height,
            width=self.record.width,
            seed=self.record.seed,
            steps=self.record.num_inference_steps,
            guidance_scale=self.record.guidance_scale,
            guidance_rescale=self.record.guidance_rescale,
            scheduler=self.record.scheduler,
            rng=chosen(RandomKind, _OPTION, self.record.rng),
            timesteps=_joined(self.record.timesteps),
            sigmas=_joined(self.record.sigmas),
            eta=self.record.eta,
        )

    def _source(self, options: SourceOptions) -> SourceOptions:
        return self._with(
            options,
            image=self._found("image", self.record.image),
            strength=self.record.strength,
            mask=self._found("mask", self.record.mask),
            keep_outside=self.record.keep_outside,
            image_guidance_scale=self.record.image_guidance_scale,
        )

    def _control(self, options: ControlOptions) -> ControlOptions:
        controls = self.record.controls
        names = [each.controlnet for each in controls if each.controlnet is not None]
        images = [self._found("control_image", each.image) for each in controls]
        return self._with(
            options,
            control_image=images or None,
            controlnet=names or None,
            control_scale=[each.scale for each in controls] or None,
            guess_mode=self.record.guess_mode,
        )

    def _xl(self, options: XlOptions) -> XlOptions:
        sizes = self.record.sizes
        return self._with(
            options,
            refiner_start=self.record.refiner_start,
            original_size=_joined(sizes.original_size),
            crop_top_left=_joined(sizes.crops_coords_top_left),
            target_size=_joined(sizes.target_size),
            negative_original_size=_joined(sizes.negative_original_size),
            negative_crop_top_left=_joined(sizes.negative_crops_coords_top_left),
            negative_target_size=_joined(sizes.negative_target_size),
            aesthetic_score=sizes.aesthetic_score,
            negative_aesthetic_score=sizes.negative_aesthetic_score,
        )

    def _with(self, options: Options, **recorded: Any) -> Options:
        left_out = {name: value for name, value in recorded.items() if not self.gave(name)}
        return attrs.evolve(options, **left_out)

    def _found(self, option: str, name: str | None) -> Path | None:
        """The file of a picture beside this one or here, None where the user named one."""
        if name is None or self.gave(option):
            return None
        # The picture may be a stranger's: a name that leads elsewhere is none.
        for path in (self.folder / Path(name).name, Path(Path(name).name)):
            if path.exists():
                return path
        problem = f"it was made from {name}, which is not beside it; name that picture with"
        raise InvalidRequest(_OPTION, f"{problem} --{option.replace('_', '-')}")


def _joined(values: Sequence[float] | None) -> str | None:
    return None if values is None else ",".join(map(repr, values))
