"""Programs that one package holds and that run one after another."""

import attrs

from .program import ModelDescription, Program


@attrs.frozen(kw_only=True)
class ProgramPipeline:
    """Each program takes what the model is given and what those before it gave, by their names.

    `description` says what crosses the edge of the whole. Raises ValueError where there is none, an
    input of a program comes from nowhere, or no program gives an output of the whole.
    """

    description: ModelDescription
    programs: tuple[Program, ...]

    def __attrs_post_init__(self) -> None:
        if not self.programs:
            raise ValueError("it is a pipeline without a program")
        known = {each.name for each in self.description.inputs}
        given: set[str] = set()
        for number, program in enumerate(self.programs, start=1):
            taken = {each.name for each in program.description.inputs}
            if missing := sorted(taken - known - given):
                raise ValueError(f"nothing gives its program {number} the input {missing[0]}")
            given |= {each.name for each in program.description.outputs}
        if missing := sorted({each.name for each in self.description.outputs} - given):
            raise ValueError(f"none of its programs gives the output {missing[0]}")


#: What a package holds.
Model = Program | ProgramPipeline
