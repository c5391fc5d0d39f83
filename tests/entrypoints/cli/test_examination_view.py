"""Faults as a table."""

from coreml_stable_diffusion.domain.examination import NumericFault
from coreml_stable_diffusion.entrypoints.cli.examination_view import faults_table


def fault(output: str, *, inherited: bool) -> NumericFault:
    return NumericFault(
        operation="mul", output=output, infinite=1234, not_numbers=5, inherited=inherited
    )


def test_where_it_began_comes_first() -> None:
    table = faults_table([fault("early", inherited=True), fault("late", inherited=False)])

    assert [line.split() for line in table.splitlines()[2:]] == [
        ["mul", "late", "1,234", "5", "here"],
        ["mul", "early", "1,234", "5", "before"],
    ]


def test_of_a_great_many_the_first_are_told_and_the_rest_counted() -> None:
    table = faults_table([fault(f"y{number}", inherited=True) for number in range(1040)])

    assert table.splitlines()[-1] == "and 1,000 more"
    assert "y39 " in table
    assert "y40 " not in table
