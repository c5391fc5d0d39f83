"""A picture's metadata, as other programs read it."""

import json

import attrs
from coreml_stable_diffusion.entrypoints.picture_record import PictureRecord

RECORD = PictureRecord(
    prompt="a red circle",
    negative_prompt="blur",
    num_inference_steps=25,
    guidance_scale=7.5,
    seed=3,
    scheduler="DPMSolverMultistep",
    width=128,
    height=96,
    model="pocket",
    revision=None,
    runtime="reference",
    version="1.2.3",
)


def test_parameters_are_laid_out_as_the_web_ui_reads_them() -> None:
    assert RECORD.texts()["parameters"] == (
        "a red circle\n"
        "Negative prompt: blur\n"
        "Steps: 25, Sampler: DPM++ 2M, CFG scale: 7.5, Seed: 3, Size: 128x96, Model: pocket,"
        " Version: coreml-sd 1.2.3"
    )


def test_a_picture_from_a_picture_tells_its_denoising_strength() -> None:
    record = attrs.evolve(RECORD, image="in.png", image_sha256="12ab", strength=0.6)

    assert ", Model: pocket, Denoising strength: 0.6, Version: " in record.texts()["parameters"]


def test_no_negative_prompt_takes_no_line() -> None:
    lines = attrs.evolve(RECORD, negative_prompt="").texts()["parameters"].splitlines()

    assert [line.partition(":")[0] for line in lines] == ["a red circle", "Steps"]


def test_a_scheduler_without_another_name_keeps_its_own() -> None:
    parameters = attrs.evolve(RECORD, scheduler="LCM").texts()["parameters"]

    assert "Sampler: LCM," in parameters


def test_the_record_can_be_read_back_whole() -> None:
    assert PictureRecord(**json.loads(RECORD.texts()["coreml-sd"])) == RECORD


def test_brackets_are_text_to_the_web_ui_where_they_were_text_here() -> None:
    plain = attrs.evolve(RECORD, prompt=r"a [red] (circle:2) \o/")

    assert plain.texts()["parameters"].startswith(r"a \[red\] \(circle:2\) \\o/" + "\n")
    weighted = attrs.evolve(plain, prompt_syntax="a1111")
    assert weighted.texts()["parameters"].startswith(r"a [red] (circle:2) \o/" + "\n")


def test_clip_skip_is_counted_as_the_web_ui_counts_it() -> None:
    assert "Clip skip: 2," in attrs.evolve(RECORD, clip_skip=1).texts()["parameters"]
