"""Text that is no program is refused with its line."""

import pytest
from coreml_stable_diffusion.domain.mil.program import ModelDescription
from coreml_stable_diffusion.domain.mil.text.reader import read_program
from hypothesis import given
from hypothesis import strategies as st
from samples.mil_values import STORAGE

NOTHING = ModelDescription(specification_version=8, inputs=(), outputs=())
WHOLE = """program(1.0)
[buildInfo = dict<tensor<string, []>, tensor<string, []>>({{"a", "1"}})]
{
    func main<ios17>() {
            tensor<fp16, [2]> y = const()[name = tensor<string, []>("y"), val = VALUE];
        } -> (y);
}"""
VALUE = "tensor<fp16, [2]>([0x1p+0, -0x1.8p-3])"
TEXT = WHOLE.replace("VALUE", VALUE)
FUNCTION = TEXT.split("{\n", 1)[1].removesuffix("}")


def read(text: str) -> None:
    read_program(text, NOTHING, "main", STORAGE)


def test_the_sample_is_whole() -> None:
    read(TEXT)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("tensor<fp16, [3]>([0x1p+0])", "is given in the shape"),
        ("tensor<fp16, [1000000000, 1000000000]>([[0x1p+0]])", "is given in the shape"),
        ("tensor<fp16, [2, 2]>([[0x1p+0, 0x1p+0], [0x1p+0]])", "rows of a tensor differ"),
        ("tensor<fp16, []>(0x1p+16)", "fp16 cannot hold"),
        ("tensor<fp16, []>(0x1.8p-25)", "fp16 cannot hold"),
        ("tensor<fp64, []>(0x1p+99999)", "fp64 cannot hold"),
        ("tensor<bf16, []>(0x1.01p+0)", "bf16 cannot hold"),
        ("tensor<uint4, []>(16)", "uint4 cannot hold"),
        ("tensor<int8, []>(-129)", "int8 cannot hold"),
        ("tensor<fp16, []>(1)", "a float is expected"),
        ("tensor<int32, []>(0x1p+0)", "a integer is expected"),
        ("tensor<bool, []>(1)", "true or false"),
        ("tensor<float, []>(1)", "'float' is no element type"),
        ("sheet<fp16>(1)", "'sheet' is no type"),
        ("tensor<int32, []>" + "(" * 5000, "a integer is expected"),
        ("tuple<" * 5000, "nested more than"),
        (f"tensor<int32, [{'1, ' * 99}1]>(1)", "more than 32 dimensions"),
        ("tensor<fp16, [99999999999999999999999]>([0x1p+0])", "9999999999999999999 is no size"),
        ("tensor<fp16, [9223372036854775808]>([0x1p+0])", "9223372036854775808 is no size"),
        ("tensor<fp16, [-16, -64]>([0x1p+0])", "-16 is no size"),
        ("list<fp16, -1>([0x1p+0])", "-1 is no size"),
        (f"tensor<fp16, [{'1' * 5000}]>(1)", "fewer digits"),
        (f"tensor<int32, []>({'1' * 5000})", "fewer digits"),
        ('tensor<string, []>("a\\tb")', "no MIL text"),
        ("state<tensor<fp16, [2]>>(1)", "a state has no value"),
        ("state<tuple<tensor<fp16, [2]>>>(1)", "a state holds a tensor"),
        ("1" * 5000, "a name is expected"),
    ],
)
def test_a_value_that_contradicts_itself_is_refused_with_its_line(value: str, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^line 5: .*{problem}"):
        read(WHOLE.replace("VALUE", value))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1: 'program' is expected"),
        ("program(2.0)\n{\n}", "version 2.0 is not known"),
        (TEXT + "\n{", "line 8: a end is expected"),
        (TEXT.replace("ios17", "ios99"), "line 4: the operation set 'ios99' is not known"),
        (TEXT.replace("main", "other"), "it has no function 'main'"),
        (TEXT.replace("()[", "(x = y, z = y, x = y)["), "line 5: 'x' is given twice"),
        (TEXT.replace("val =", "name ="), "line 5: 'name' is given twice"),
        ("program(1.0)\n{\n" + 2 * FUNCTION + "}", "two functions 'main'"),
    ],
)  # fmt: skip
def test_a_frame_that_is_none_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read(text)


@given(st.data())
def test_a_mutilated_text_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(TEXT)))
    end = data.draw(st.integers(start, min(start + 20, len(TEXT))))
    inserted = data.draw(st.text('{}[]()<>,=;"\\0x1p+a \n', max_size=5))

    try:
        read(TEXT[:start] + inserted + TEXT[end:])
    except ValueError:
        return
