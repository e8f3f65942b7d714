"""Table macros asked_sites(in_region), asked_bits(...): a table's files of the contigs asked for.

A view of a thousand files takes milliseconds to bind, each time a question names it, and most
questions are about one contig. The files of a lake are one text in such a macro, by contig; which
of them are read is folded out of `in_region` while a question is bound. For that it has to be
known by then: a literal, a parameter or getvariable(), no subquery.

Rows of other contigs may be among them: where a table has no file of the contig that is asked for,
another one stands in. Whoever asks joins on the contig anyway.
"""

from collections.abc import Iterable, Mapping, Sequence

from allelake.warehouse.info import LakeInfo
from allelake.warehouse.plain_regions import no_plain_region
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


def asked_macro(view: str, select: str) -> str:
    """The statement of the macro that stands for one view."""
    return f"CREATE OR REPLACE MACRO asked_{view}(in_region) AS TABLE\n{select}"


def whole_macros() -> list[str]:
    """The macros of a database that is no lake, over whole views: to bind others, or for tables."""
    return [*(asked_macro(view, f"FROM {view}") for view in ASKED_VIEWS), no_plain_region()]


def asked_source(info: LakeInfo, files: Sequence[StoredFile], options: str) -> str:
    """In a macro with the argument in_region: read_parquet() of the files whose contig that names.

    `options`: further arguments of read_parquet(), each after a comma.
    """
    sections = _sections(info, files)
    if len(sections) > 1:
        paths = f"\n{_asked_paths(sections, files)}"
    else:
        listed = _NEW_LINE.join(path for paths in sections.values() for path in paths)
        paths = f"string_split({sql_literal(listed)}, '\n')"
    return f"read_parquet({paths}{options})"


def _sections(info: LakeInfo, files: Iterable[StoredFile]) -> dict[tuple[str, ...], list[str]]:
    """The paths of each contig that has some, by its names, in the order of the assembly.

    The largest first: by the first file DuckDB estimates all, and chooses what to join to what.
    """
    paths: dict[str, list[str]] = {}
    for file in sorted(files, key=lambda file: -file.rows):
        paths.setdefault(file.contig or "", []).append(file.path)
    return {
        (contig.name, *contig.aliases): paths[contig.name]
        for contig in info.contigs
        if contig.name in paths
    }


def _asked_paths(
    sections: Mapping[tuple[str, ...], Sequence[str]], files: Sequence[StoredFile]
) -> str:
    """SQL of a list of paths. A line of names begins with a tab, which no name and no path has.

    Without functions that DuckDB makes of others (split_part, nullif): those bind slowly.
    """
    text = "".join(
        "\n\t" + "\t".join(names) + "\t\n" + "\n".join(paths) for names, paths in sections.items()
    )
    has_colon = any(":" in name for names in sections for name in names)
    smallest = min(files, key=lambda file: file.rows).path
    return f"""list_transform([{sql_literal(text)}], lambda files: CASE
WHEN in_region IS NULL THEN string_split(regexp_replace(files, '\n\t[^\n]*', '', 'g')[2:], '\n')
ELSE list_transform([flatten(list_transform(
    {_ASKED_NAMES if has_colon else _ASKED_PLAIN_NAMES},
    lambda named: string_split(
        string_split(string_split(files, '\t' || named || '\t')[2], '\n\t')[1], '\n'
    )[2:]
))], lambda found: CASE WHEN len(found) > 0 THEN found ELSE [{sql_literal(smallest)}] END)[1]
END)[1]"""
