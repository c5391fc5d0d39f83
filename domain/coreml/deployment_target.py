"""The oldest system that a package has to load on."""

import enum


class DeploymentTarget(enum.Enum):
    """Systems under the names of coremltools and of Apple's --min-deployment-target."""

    MACOS13 = "macOS13"
    MACOS14 = "macOS14"
    MACOS15 = "macOS15"
    IOS16 = "iOS16"
    IOS17 = "iOS17"
    IOS18 = "iOS18"

    @property
    def is_of_2024(self) -> bool:
        """Whether it is macOS 15 or iOS 18, which know more kinds of weights and inputs."""
        return self in (DeploymentTarget.MACOS15, DeploymentTarget.IOS18)
