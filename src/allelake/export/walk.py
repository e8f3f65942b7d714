"""All lines of an export, chunk by chunk."""

from collections.abc import Callable, Iterator

from allelake.export.lines import Lines, read_lines
from allelake.export.places import chunks_of
from allelake.export.source import Source

Progress = Callable[[int, int], None]


def all_lines(source: Source, progress: Progress | None = None) -> Iterator[Lines]:
    """The lines in the order of the genome; no chunk is empty.

    `progress` is called with how many rows of `sites` are done, and of how many.
    """
    done, total = 0, source.site_rows() if progress else 0
    batches, samples = source.wanted.record_batches, len(source.people.names)
    for span in source.spans:
        for chunk in chunks_of(source.session, span, batches, samples):
            lines = read_lines(source.session, source.people, chunk, source.wanted)
            if lines.told.num_rows:
                yield lines
            done += chunk.rows
            if progress is not None:
                progress(done, total)


def count_lines(source: Source) -> int:
    """How many lines there are; where genotypes decide, they are read for it."""
    if not source.wanted.leaves_out:
        return source.line_total()
    return sum(lines.told.num_rows for lines in all_lines(source))
