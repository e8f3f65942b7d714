"""Into how many parts the text of a contig is cut."""

# The number of parts must not depend on the machine, or the same input would make other files: it
# is what keeps many cores busy with a genome and few with a contig, at few files for each contig.
LEAST_PART_BYTES = 1 << 27
MOST_PARTS_OF_A_CONTIG = 8


def parts_of(size: int, least: int = LEAST_PART_BYTES, most: int = MOST_PARTS_OF_A_CONTIG) -> int:
    """Two, four or eight, each of `least` bytes or more; 1 for less text."""
    parts = 1
    while 2 * parts <= most and 2 * parts * least <= size:
        parts *= 2
    return parts
