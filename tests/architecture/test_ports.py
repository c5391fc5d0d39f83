"""Every port has its mirror images among the tests."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PORTS = sorted(
    file.stem for file in (ROOT / "domain" / "ports").glob("*.py") if file.stem != "__init__"
)


@pytest.mark.parametrize("port", PORTS)
def test_a_port_has_a_fake_of_the_same_name(port: str) -> None:
    assert (ROOT / "tests" / "fakes" / f"{port}.py").exists()


@pytest.mark.parametrize("port", PORTS)
def test_a_port_has_a_contract(port: str) -> None:
    assert (ROOT / "tests" / "contracts" / f"test_{port}.py").exists()


def test_there_is_no_fake_without_a_port() -> None:
    fakes = {file.stem for file in (ROOT / "tests" / "fakes").glob("*.py")}

    assert fakes - set(PORTS) == set()
