"""`coreml-sd compile`: a package becomes a bundle."""

import typer

from . import options

EXAMPLES = """\b
Compile a package into Unet.mlmodelc beside it:
  coreml-sd compile Unet.mlpackage

\b
Compile it into another folder:
  coreml-sd compile Unet.mlpackage -o Resources

\b
Compile it on a Mac with the compiler of Xcode:
  coreml-sd compile Unet.mlpackage --with-apple-compiler
"""


def compile(  # noqa: A001 - the command's name, which nothing here needs as Python's
    *,
    package: options.Package,
    output: options.OutputFolder = None,
    with_apple_compiler: options.WithAppleCompiler = False,
) -> None:
    """Compile a package to a .mlmodelc bundle and print its path, on any machine.

    The program is transcribed as Apple's compiler does it, and the weights are not copied where the
    disk can link them. The same package always gives the same bytes.
    """
    from ..package_tools import PackageTools  # noqa: PLC0415 - help is answered without adapters
    from ..settings import Settings  # noqa: PLC0415 - see above

    container = PackageTools(settings=Settings.from_environment())
    use_case = container.compile_with_apple if with_apple_compiler else container.compile
    typer.echo(use_case()(package, output))
