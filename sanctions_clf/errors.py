"""The exceptions of the package.

SanctionsClfError
├── ArchiveError     an archive or article cannot be read as a whole
├── CorpusError      labelled data breaks the contract, or is too little to train on
├── ModelFileError   a model file is missing, truncated, altered or foreign
├── OutputError      an output cannot be written as asked
├── RemoteError      a remote file cannot be read now, but may be later
├── RunError         what should be the output of a run is something else, or damaged
└── WorkerError      a cluster cannot be reached, or lost its workers

Each message names the file, the place and the mend, in one line.
"""


class SanctionsClfError(Exception):
    """Base of all errors that a user can mend."""


class ArchiveError(SanctionsClfError):
    """An archive or article cannot be read as a whole."""


class CorpusError(SanctionsClfError):
    """Labelled data breaks the contract, or is too little to train on."""


class ModelFileError(SanctionsClfError):
    """A model file is missing, truncated, altered or foreign."""


class OutputError(SanctionsClfError):
    """An output cannot be written as asked."""


class RemoteError(SanctionsClfError):
    """A remote file cannot be read now, but may be later.

    No `ArchiveError`, since it says nothing of the archive: a run ends with it, where one that is
    damaged would be read past.
    """


class WorkerError(SanctionsClfError):
    """A cluster cannot be reached, or lost its workers."""


class RunError(SanctionsClfError):
    """What should be the output of a run is something else, or damaged."""
