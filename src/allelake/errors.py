"""Every error that a caller can mend, and the exit code of each.

AllelakeError                  1   printed as one paragraph, no traceback
├── UsageError                 2   an argument that cannot be taken
├── LakeError                  3   the folder: not a lake, newer format, no permission, disk full
│   └── LockedError            3   another writer is at work
├── InputError                 4   a file that is not whole, not true, or does not fit this lake
├── QueryError                 5   an unknown cohort, region or policy; SQL that is not allowed
└── CheckFailed                6   `allelake check` found a lake that contradicts itself

Any other exception is a bug and keeps its traceback.
"""


class AllelakeError(Exception):
    """Something the caller can mend. The message says what was found and what to do next."""

    exit_code = 1


class UsageError(AllelakeError):
    """An argument that cannot be taken."""

    exit_code = 2


class LakeError(AllelakeError):
    """The lake's folder cannot be used as asked."""

    exit_code = 3


class LockedError(LakeError):
    """Another writer holds the lake."""


class InputError(AllelakeError):
    """A file that is not whole, contradicts itself, or does not fit this lake."""

    exit_code = 4


class QueryError(AllelakeError):
    """A question that cannot be answered as it was put."""

    exit_code = 5


class CheckFailed(AllelakeError):
    """The lake contradicts its own manifest or its own numbers."""

    exit_code = 6
