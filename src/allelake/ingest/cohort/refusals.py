"""What cyvcf2 refuses in the files that odd records are written to."""

from types import TracebackType

from allelake.ingest.cohort.source import NotPlain


class refused_is_not_plain:
    """Turns what cyvcf2 raises for a broken record into NotPlain.

    cyvcf2 raises a plain Exception, an OSError, or a UnicodeDecodeError for text that is no UTF-8;
    any other subclass is not its own, so that a mistake of ours stays one.
    """

    def __enter__(self) -> None:
        """Does nothing."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind in (Exception, OSError, UnicodeDecodeError):
            raise NotPlain from error
