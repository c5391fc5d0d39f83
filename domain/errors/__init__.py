"""Everything that can go wrong for a reason that the user can mend.

CoremlStableDiffusionError
├── InvalidRequest            an option or argument that cannot be met
├── CheckpointError
│   ├── NotACheckpoint        a folder, file or name that holds no pipeline
│   ├── UnreachableCheckpoint a checkpoint on the Hub that could not be brought here
│   ├── MissingComponent      a network that was asked for and is not there
│   ├── UnsupportedCheckpoint a pipeline whose networks this project cannot convert
│   ├── MismatchedCheckpoint  a ControlNet, refiner or LoRA that was made for another model
│   └── UnreadableWeights     a file that was to hold weights and does not
├── ModelFolderError
│   ├── NotAModelFolder       a folder without a usable pipeline.json
│   └── IncompleteModelFolder a file that pipeline.json names is not there or has changed
├── HubError
│   ├── UnreachableRepository a repository that the Hub does not hand over
│   ├── UnwritableRepository  a repository that the Hub takes nothing for
│   ├── NoModelThere          a repository without Core ML models
│   ├── HostileRepository     a repository with what must not come onto this machine
│   ├── HostileArchive        an archive that would harm this machine
│   ├── Unpublishable         a folder that was never verified, or that its licence keeps back
│   └── BrokenDownload        a file that did not arrive as the Hub describes it
├── MalformedVocabulary       tokenizer files that hold no CLIP vocabulary
├── PackageError
│   ├── BrokenPackage         a package that cannot be read: truncated, not a package, inconsistent
│   ├── UnsupportedOperations a program with operations that a runtime does not know
│   ├── UnsupportedProgram    a package that this project does not know how to compile
│   └── ChunksDiffer          chunks that do not compute what the package does
├── NotAProjection            a file that holds no projection of text states
├── UnreadableTensors         a file that holds no named arrays
├── UnreadablePicture         a file that holds no picture
├── PredictionError           inputs that do not fit a network, or a network that failed
├── ConversionFailed          a network that could not be converted
├── RuntimeUnavailable        a runtime that this machine does not have
├── CompilerUnavailable       a compiler that this machine does not have
└── UnwritableOutput          a result that could not be written
"""

from .checkpoints import CheckpointError as CheckpointError
from .checkpoints import MismatchedCheckpoint as MismatchedCheckpoint
from .checkpoints import MissingComponent as MissingComponent
from .checkpoints import NotACheckpoint as NotACheckpoint
from .checkpoints import UnreachableCheckpoint as UnreachableCheckpoint
from .checkpoints import UnreadableWeights as UnreadableWeights
from .checkpoints import UnsupportedCheckpoint as UnsupportedCheckpoint
from .files import MalformedVocabulary as MalformedVocabulary
from .files import NotAProjection as NotAProjection
from .files import UnreadablePicture as UnreadablePicture
from .files import UnreadableTensors as UnreadableTensors
from .files import UnwritableOutput as UnwritableOutput
from .hub import BrokenDownload as BrokenDownload
from .hub import HostileArchive as HostileArchive
from .hub import HostileRepository as HostileRepository
from .hub import HubError as HubError
from .hub import NoModelThere as NoModelThere
from .hub import Unpublishable as Unpublishable
from .hub import UnreachableRepository as UnreachableRepository
from .hub import UnwritableRepository as UnwritableRepository
from .model_folders import IncompleteModelFolder as IncompleteModelFolder
from .model_folders import ModelFolderError as ModelFolderError
from .model_folders import NotAModelFolder as NotAModelFolder
from .packages import BrokenPackage as BrokenPackage
from .packages import ChunksDiffer as ChunksDiffer
from .packages import PackageError as PackageError
from .packages import UnsupportedOperations as UnsupportedOperations
from .packages import UnsupportedProgram as UnsupportedProgram
from .root import CoremlStableDiffusionError as CoremlStableDiffusionError
from .root import InvalidRequest as InvalidRequest
from .root import first_line as first_line
from .work import CompilerUnavailable as CompilerUnavailable
from .work import ConversionFailed as ConversionFailed
from .work import PredictionError as PredictionError
from .work import RuntimeUnavailable as RuntimeUnavailable
