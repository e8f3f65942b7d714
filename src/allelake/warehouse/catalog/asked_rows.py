"""Table macros asked_sites(in_region), asked_bits(...): a table's files of the contigs asked for.

A view of a thousand files takes milliseconds to bind, each time a question names it, and most
questions are about one contig. The files of a lake are one text in such a macro, by contig; which
of them are read is folded out of `in_region` while a question is bound. For that it has to be
known by then: a literal, a parameter or getvariable(), no subquery.

Of one region of a contig with many files only those are read that have rows between its ends: each
costs a tenth of a millisecond to open.

Rows of other contigs may be among them: where a table has no file of the contig that is asked for,
another one stands in. Whoever asks keeps to the contig and the positions anyway.
"""

from collections.abc import Iterable, Mapping, Sequence

from allelake.warehouse.catalog.asked_region import ANYWHERE, no_region
from allelake.warehouse.catalog.known_cohorts import no_known_cohort
from allelake.warehouse.info import LakeInfo
from allelake.warehouse.quoting import sql_literal
from allelake.warehouse.snapshots import StoredFile

# The views whose files lie in folders of contigs, as questions name them.
ASKED_VIEWS = (
    *("sites", "bits", "rare_calls", "detailed_calls", "stored_calls"),
    *("ploidy", "callable"),
)


_NEW_LINE = "\n"
_REGIONS = "coalesce(try_cast(in_region AS VARCHAR[]), [in_region::VARCHAR])"
_ASKED_PLAIN_NAMES = f"""list_distinct(list_transform(
        {_REGIONS}, lambda region: string_split(region, ':')[1]
    ))"""
# A name may itself hold ':' (HLA-A*01:01:01:01); a region is then looked up whole as well.
_ASKED_NAMES = f"""list_distinct(flatten(list_transform(
        {_REGIONS},
        lambda region: [
            region, regexp_extract(region, '^(.+):[0-9][0-9,_]*-?[0-9,_]*$', 1)
        ]
    )))"""


# Where a contig has fewer files of a table, choosing among them takes longer than opening them.
_MANY_FILES = 4


def asked_macro(view: str, select: str) -> str:
    """The statement of the macro that stands for one view."""
    return f"CREATE OR REPLACE MACRO asked_{view}(in_region) AS TABLE\n{select}"


def whole_macros() -> list[str]:
    """The macros of a database that is no lake, over whole views: to bind others, or for tables."""
    asked = (asked_macro(view, f"FROM {view}") for view in ASKED_VIEWS)
    return [*asked, *no_region(), no_known_cohort()]


def asked_source(info: LakeInfo, files: Sequence[StoredFile], options: str, is_placed: bool) -> str:
    """In a macro with the argument in_region: read_parquet() of the files that it needs.

    `options`: further arguments of read_parquet(), each after a comma. `is_placed`: whether each
    row is of the one position that the files' first and last ones speak of.
    """
    sections = _sections(info, files)
    if len(sections) > 1:
        paths = f"\n{_asked_paths(sections, files, is_placed)}"
    else:
        listed = _NEW_LINE.join(file.path for found in sections.values() for file in found)
        paths = f"string_split({sql_literal(listed)}, '\n')"
    return f"read_parquet({paths}{options})"


def _sections(
    info: LakeInfo, files: Iterable[StoredFile]
) -> dict[tuple[str, ...], list[StoredFile]]:
    """The files of each contig that has some, by its names, in the order of the assembly.

    The largest first: by the first file DuckDB estimates all, and chooses what to join to what.
    """
    found: dict[str, list[StoredFile]] = {}
    for file in sorted(files, key=lambda file: -file.rows):
        found.setdefault(file.contig or "", []).append(file)
    return {
        (contig.name, *contig.aliases): found[contig.name]
        for contig in info.contigs
        if contig.name in found
    }


def _asked_paths(
    sections: Mapping[tuple[str, ...], Sequence[StoredFile]],
    files: Sequence[StoredFile],
    is_placed: bool,
) -> str:
    """SQL of a list of paths. A line of names begins with a tab, which no name and no path has.

    Without functions that DuckDB makes of others (split_part, nullif): those bind slowly.
    """
    has_colon = any(":" in name for names in sections for name in names)
    is_placed &= not has_colon and max(map(len, sections.values())) >= _MANY_FILES
    text = "".join(
        "\n\t" + "\t".join(names) + "\t\n" + "\n".join(_line(file, is_placed) for file in found)
        for names, found in sections.items()
    )
    smallest = min(files, key=lambda file: file.rows).path
    of_contigs = f"""flatten(list_transform(
    {_ASKED_NAMES if has_colon else _ASKED_PLAIN_NAMES},
    lambda named: string_split(
        string_split(string_split(files, '\t' || named || '\t')[2], '\n\t')[1], '\n'
    )[2:]
))"""
    no_paths = "'\n\t[^\n]*|:[0-9]+:[0-9]+'" if is_placed else "'\n\t[^\n]*'"
    return f"""list_transform([{sql_literal(text)}], lambda files: CASE
WHEN in_region IS NULL THEN string_split(regexp_replace(files, {no_paths}, '', 'g')[2:], '\n')
ELSE list_transform([{_between_ends(of_contigs) if is_placed else of_contigs}],
lambda found: CASE WHEN len(found) > 0 THEN found ELSE [{sql_literal(smallest)}] END)[1]
END)[1]"""


def _line(file: StoredFile, is_placed: bool) -> str:
    """A file's path; `is_placed`: with its first and last position. No path has a colon."""
    if not is_placed:
        return file.path
    first, last = file.first_position, file.last_position
    if first is None or last is None:
        first, last = ANYWHERE
    return f"{file.path}:{first}:{last}"


def _between_ends(placed: str) -> str:
    """SQL of the paths of those placed files that have rows between the ends of a single region.

    Of a list of regions, and of text that is none, it keeps all. Two lambdas are few: names for the
    ends would be more of them, which take longer to bind than the files to open.
    """
    return f"""list_transform(list_filter(
    {placed},
    lambda line: string_split(line, ':')[2]::INTEGER <= asked_high(in_region)
    AND string_split(line, ':')[3]::INTEGER >= asked_low(in_region)
), lambda line: string_split(line, ':')[1])"""
