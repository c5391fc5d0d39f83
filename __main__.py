"""`python -m coreml_stable_diffusion` is `coreml-sd`."""

from .entrypoints.cli.interruption import end_when_interrupted


def main() -> None:
    """Run the command line, which takes a moment to import."""
    end_when_interrupted()
    from .entrypoints.cli.main import main as run  # noqa: PLC0415 - see above

    run()


if __name__ == "__main__":
    main()
