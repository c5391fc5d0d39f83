"""Settings as other programs write them."""

from coreml_stable_diffusion.entrypoints.web_ui_parameters import read_parameters

WRITTEN = """\
masterpiece, (best: 1.2),
a cat: sitting, still
Negative prompt: blur,
bad hands
Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 1, Size: 512x768, \
Model hash: 6ce0161689, Model: v1-5, Lora hashes: "a: 12, b: \\"34\\"", Version: v1.10.1"""


def test_prompts_of_several_lines_and_quoted_settings_are_read() -> None:
    assert read_parameters(WRITTEN) == {
        "Prompt": "masterpiece, (best: 1.2),\na cat: sitting, still",
        "Negative prompt": "blur,\nbad hands",
        "Steps": "20",
        "Sampler": "DPM++ 2M",
        "Schedule type": "Karras",
        "CFG scale": "7",
        "Seed": "1",
        "Size": "512x768",
        "Model hash": "6ce0161689",
        "Model": "v1-5",
        "Lora hashes": 'a: 12, b: "34"',
        "Version": "v1.10.1",
    }


def test_a_last_line_with_few_settings_belongs_to_the_prompt() -> None:
    assert read_parameters("a cat\ncolour: red, place: here") == {
        "Prompt": "a cat\ncolour: red, place: here"
    }
    assert read_parameters("") == {"Prompt": ""}


def test_quoted_settings_are_json_and_broken_ones_stay_as_they_are() -> None:
    line = r'Steps: 20, Hires prompt: "a cat,\n\u00e9t\u00e9", Seed: 1, Note: "a" or "b"'

    assert read_parameters(line) == {
        "Steps": "20",
        "Hires prompt": "a cat,\nété",
        "Seed": "1",
        "Note": '"a" or "b"',
    }
