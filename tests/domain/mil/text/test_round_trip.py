"""Text that was written is read as what it says."""

from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.mil.text.dialect import NEW, OLD, Dialect
from coreml_stable_diffusion.domain.mil.text.literal_reader import read_value
from coreml_stable_diffusion.domain.mil.text.literal_writer import type_text, value_text
from coreml_stable_diffusion.domain.mil.text.reader import read_program
from coreml_stable_diffusion.domain.mil.text.tokens import Tokens
from coreml_stable_diffusion.domain.mil.text.type_reader import read_type
from coreml_stable_diffusion.domain.mil.text.writer import program_text
from coreml_stable_diffusion.domain.mil.value import Value
from coreml_stable_diffusion.domain.mil.value_type import ValueType
from hypothesis import given, settings
from hypothesis import strategies as st
from samples.mil_values import STORAGE, TYPES, VALUES, programs

DIALECTS = st.sampled_from([OLD, NEW])


@given(TYPES, DIALECTS)
def test_every_type_is_read_back(declared: ValueType, dialect: Dialect) -> None:
    assert read_type(Tokens(type_text(declared, dialect))) == declared


@given(VALUES, DIALECTS, st.sampled_from(["()", "[]"]))
def test_every_value_is_read_back(value: Value, dialect: Dialect, brackets: str) -> None:
    tokens = Tokens(value_text(value, dialect, brackets))

    assert read_value(tokens, read_type(tokens), STORAGE) == value
    assert tokens.kind == "end"


@settings(max_examples=60)
@given(programs())
def test_every_program_is_read_back_and_written_alike(program: Program) -> None:
    text = "".join(program_text(program))

    found = read_program(text, program.description, program.main, STORAGE)

    assert found == program
    assert "".join(program_text(found)) == text
