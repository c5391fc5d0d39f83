"""`coreml-sd generate`, with networks of one line each."""

import json
from pathlib import Path

import attrs
import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.pictures.clip_image import ClipImagePreprocessing
from coreml_stable_diffusion.domain.pipeline_manifest import PipelineManifest
from coreml_stable_diffusion.domain.size_conditions import SizeConditions
from coreml_stable_diffusion.entrypoints.cli.main import app
from fakes.networks import FakeNetworkRuntime, fake_safety_checker
from PIL import Image
from samples.model_folder import MANIFEST, write_model_folder
from samples.scripted_conversion import ScriptedConversion
from typer.testing import CliRunner, Result


def generate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["generate", *map(str, arguments)])


@pytest.mark.usefixtures("runtime")
def test_the_path_of_the_picture_is_all_that_stands_on_stdout(
    model_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "new" / "a.png"

    result = generate("a circle", "-m", model_folder, "-o", file, "--steps", "1", "--seed", "3")

    assert (result.exit_code, result.stdout) == (0, f"{file}\n")
    assert "Seed 3" in result.stderr
    with Image.open(file) as picture:
        assert picture.size == (40, 24)


@pytest.mark.usefixtures("runtime")
def test_the_picture_carries_every_setting(model_folder: Path, tmp_path: Path) -> None:
    generate(
        *("a circle", "--negative-prompt", "blur", "-m", model_folder, "-o", tmp_path / "a.png"),
        *("--steps", "2", "--guidance-scale", "3", "--seed", "5", "--scheduler", "dpm++2m"),
        *("--runtime", "reference", "--quiet"),
    )

    with Image.open(tmp_path / "a.png") as picture:
        record = json.loads(picture.info["coreml-sd"])
        parameters = picture.info["parameters"]
    assert record.pop("version")
    assert record.pop("packages")["UNet"]
    assert record == {
        "prompt": "a circle",
        "negative_prompt": "blur",
        "num_inference_steps": 2,
        "guidance_scale": 3.0,
        "seed": 5,
        "scheduler": "DPM++ 2M",
        "width": 40,
        "height": 24,
        "model": "sample",
        "revision": "4f2a",
        "runtime": "reference",
        "prompt_syntax": "plain",
        "clip_skip": 0,
        "rng": "numpy",
        "timesteps": None,
        "sigmas": None,
        "eta": None,
        "guidance_rescale": 0.0,
        "image": None,
        "image_sha256": None,
        "strength": None,
        "mask": None,
        "mask_sha256": None,
        "keep_outside": False,
        "image_guidance_scale": None,
        "controls": [],
        "guess_mode": False,
        "refiner_start": None,
        "sizes": attrs.asdict(SizeConditions()) | {"crops_coords_top_left": [0, 0]},
        "arrays": None,
        "arrays_sha256": None,
        "arrays_row": None,
    }
    assert parameters.startswith("a circle\nNegative prompt: blur\nSteps: 2, Sampler: DPM++ 2M,")


@pytest.mark.usefixtures("runtime")
def test_several_pictures_have_numbers_and_seeds_of_their_own(
    model_folder: Path, tmp_path: Path
) -> None:
    result = generate(
        *("a circle", "-m", model_folder, "-o", tmp_path / "a.png"),
        *("--steps", "1", "--seed", "5", "--images", "3"),
    )

    files = [tmp_path / name for name in ("a.png", "a-2.png", "a-3.png")]
    assert result.stdout.splitlines() == [str(file) for file in files]
    assert [_seed(file) for file in files] == [5, 6, 7]


@pytest.mark.usefixtures("runtime")
def test_without_a_seed_the_chosen_one_is_told(model_folder: Path, tmp_path: Path) -> None:
    result = generate("a circle", "-m", model_folder, "-o", tmp_path / "a.png", "--steps", "1")

    assert f"Seed {_seed(tmp_path / 'a.png')}\n" in result.stderr


@pytest.mark.usefixtures("runtime")
def test_quiet_leaves_stderr_empty(model_folder: Path, tmp_path: Path) -> None:
    result = generate("a circle", "-m", model_folder, "-o", tmp_path / "a.png", "--steps=1", "-q")

    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.usefixtures("runtime")
def test_own_timesteps_and_random_numbers_are_drawn_with_and_recorded(
    model_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.png"
    generate(
        *("a circle", "-m", model_folder, "-o", file, "--seed", "5", "--guidance-scale", "1"),
        *("--scheduler", "euler a", "--timesteps", "999,499,99", "--rng", "torch"),
    )

    with Image.open(file) as picture:
        record = json.loads(picture.info["coreml-sd"])
    assert (record["num_inference_steps"], record["rng"]) == (3, "torch")
    assert record["timesteps"] == [999.0, 499.0, 99.0]
    assert record["scheduler"] == "Euler a"


@pytest.mark.usefixtures("runtime")
def test_without_a_model_pocket_is_drawn_with(
    conversion: ScriptedConversion, tmp_path: Path
) -> None:
    result = generate("a circle", "-o", tmp_path / "a.png", "--steps", "1")

    assert result.exit_code == 0
    [(model, folder, _, _)] = conversion.asked
    assert model == "pocket"
    assert "pocket" in folder.name


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--steps", "0"], "--steps: 0 is less than 1"),
        (["--seed", "-1"], "--seed: -1"),
        (["--seed", str(2**32)], "--seed: "),
        (["--images", "0"], "--images: 0 is less than 1"),
        (["--guidance-scale", "nan"], "--guidance-scale: nan"),
        (["--scheduler", "euler-x"], "--scheduler: euler-x is not one of"),
        (["--timesteps", "999,a"], "--timesteps: '999,a' is not numbers with commas"),
        (["--timesteps", "499,999"], "--timesteps: each has to be less than the one before"),
        (["--sigmas", "14.6"], "--sigmas: 1 are too few"),
        (["--eta", "1.5"], "--eta: 1.5 is not from 0 to 1"),
        (["-o", "a.jpg"], "--output: a.jpg is no PNG file"),
        (["-o", __file__ + "/a.png"], "a.png cannot be written"),
        (["-m", str(Path(__file__).parent)], "is not a diffusers checkpoint"),
        (["-m", "no-such-model"], "no-such-model is not a diffusers checkpoint"),
    ],
)
def test_what_cannot_be_met_is_told_in_one_line_before_any_work(
    arguments: list[str], complaint: str, runtime: FakeNetworkRuntime, tmp_path: Path
) -> None:
    result = generate("a circle", "-q", "-o", tmp_path / "a.png", *arguments)

    [line] = result.stderr.splitlines()
    assert line.startswith("coreml-sd: ")
    assert complaint in line
    assert (result.exit_code, result.stdout) == (2, "")
    assert runtime.loaded == []


def test_a_folder_in_the_way_of_the_picture_is_found_before_converting(
    conversion: ScriptedConversion, tmp_path: Path
) -> None:
    result = generate("a circle", "-m", "owner/name", "-o", _folder(tmp_path / "a.png"))

    assert result.exit_code == 2
    assert conversion.asked == []


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _seed(file: Path) -> int:
    with Image.open(file) as picture:
        return int(json.loads(picture.info["coreml-sd"])["seed"])


def test_the_safety_checker_is_asked_unless_it_is_not_to_be(
    runtime: FakeNetworkRuntime, tmp_path: Path
) -> None:
    checker = attrs.evolve(
        MANIFEST.packages[0], component=Component.SAFETY_CHECKER, file="checker.mlpackage"
    )
    seen = ClipImagePreprocessing(size=16, mean=(0.5,) * 3, standard_deviation=(0.25,) * 3)
    facts = attrs.evolve(MANIFEST.facts, safety_preprocessing=seen)
    manifest = PipelineManifest(facts=facts, packages=(*MANIFEST.packages, checker))
    folder = write_model_folder(tmp_path / "checked", manifest)
    flagging = fake_safety_checker(lambda _: {"has_nsfw_concepts": 1.0})
    runtime.networks = {**runtime.networks, checker.file: flagging}

    told = ("a circle", "-m", folder, "--steps", "1", "--seed", "1")
    generate(*told, "-o", tmp_path / "asked.png")
    generate(*told, "-o", tmp_path / "not-asked.png", "--no-check-safety")

    shown = []
    for name in ("asked.png", "not-asked.png"):
        with Image.open(tmp_path / name) as picture:
            shown.append(picture.getbbox() is not None)
    assert shown == [False, True]


@pytest.mark.usefixtures("runtime")
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--original-size", "128,128"), "--original-size: only Stable Diffusion XL"),
        (("--refiner-start", "0.5"), "--refiner-start: the model folder has no refiner"),
        (("--scheduler", "DDIM", "--timesteps", "9,4"), "--timesteps: DDIM"),
    ],
)
def test_what_a_model_cannot_draw_is_refused_before_it_is_converted(
    arguments: tuple[str, ...], problem: str, conversion: ScriptedConversion, tmp_path: Path
) -> None:
    result = generate("a circle", "-m", "pocket", "-o", tmp_path / "a.png", *arguments)

    assert result.exit_code == 2
    assert problem in result.stderr
    assert conversion.converted == []


def test_a_runtime_that_is_not_here_is_told_before_anything_is_converted(
    runtime: FakeNetworkRuntime, conversion: ScriptedConversion, tmp_path: Path
) -> None:
    runtime.problem = "it is elsewhere"

    result = generate("a circle", "-m", "pocket", "-o", tmp_path / "a.png")

    assert "the fake runtime is not available here: it is elsewhere" in result.stderr
    assert (result.exit_code, conversion.asked) == (2, [])


@pytest.mark.usefixtures("runtime")
@pytest.mark.parametrize(
    ("option", "values", "wrong", "right"),
    [("--timesteps", "999,500,1", "7", "3"), ("--sigmas", "10,5,0", "9", "2")],
)
def test_a_number_of_steps_that_a_list_contradicts_is_refused(
    *, option: str, values: str, wrong: str, right: str, model_folder: Path, tmp_path: Path
) -> None:
    arguments = ("-m", model_folder, "-o", tmp_path / "a.png", "--scheduler", "Euler")

    refused = generate("a circle", *arguments, option, values, "--steps", wrong)
    drawn = generate("a circle", *arguments, option, values, "--steps", right)

    assert f"--steps: {wrong} where {option} makes {right}; leave one" in refused.stderr
    assert (refused.exit_code, drawn.exit_code) == (2, 0)


@pytest.mark.usefixtures("runtime")
def test_the_example_of_a_list_that_cannot_be_read_works(
    model_folder: Path, tmp_path: Path
) -> None:
    to = ("-m", model_folder, "-o", tmp_path / "a.png")

    refused = generate("a circle", *to, "--timesteps", "a,b")

    assert "such as 999,749,499,249 for Euler; DDIM and PNDM take none" in refused.stderr
    example = generate("a circle", *to, "--timesteps", "999,749,499,249", "--scheduler", "Euler")
    assert example.exit_code == 0, example.output
