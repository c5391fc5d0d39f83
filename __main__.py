"""`python -m coreml_stable_diffusion` is `coreml-sd`."""

from .entrypoints.cli.main import main

if __name__ == "__main__":
    main()
