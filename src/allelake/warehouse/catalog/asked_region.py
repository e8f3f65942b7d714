"""Macros that tell what a question's region says while the question is bound.

asked_low(in_region) and asked_high(in_region) are the ends of a single region, for any positions
where in_region is something else. asked_plain_piece(in_region) is a region of a contig where one
rule holds throughout: cutting regions at zones and at intervals of `ploidy` takes a tenth of a
small question, and on most contigs there is nothing to cut. asked_contig(in_region) is its contig.
"""

from collections.abc import Iterable

from allelake.warehouse.info import LakeInfo
from allelake.warehouse.quoting import sql_literal
from allelake.warehouse.snapshots import StoredFile

# Before the first position that a file can have, and the last one.
ANYWHERE = (0, 2**31 - 1)
# Of contig:low, contig:low- and contig:low-high. Lists end with ].
_ENDS = ("^[^:]+:([0-9]+)(?:-[0-9]*)?$", "^[^:]+:(?:[0-9]+-)?([0-9]+)$")
_NO_PIECE = "NULL::STRUCT(contig VARCHAR, contig_order INTEGER, low INTEGER, high INTEGER)"


def no_region() -> list[str]:
    """The macros of a database that is no lake: they know no contig."""
    return _statements(_NO_PIECE, "NULL::VARCHAR")


def region_macros(info: LakeInfo, files: Iterable[StoredFile]) -> list[str]:
    """The statements of the macros.

    The piece is NULL, and asked_pieces() has to find out, for lists, for what is wrong with a
    region, for contigs with zones or haploid samples, and for those without variants.
    """
    tables: dict[str, set[str]] = {}
    for file in files:
        tables.setdefault(file.contig or "", set()).add(file.table)
    told = _told(info, {c for c, of in tables.items() if "sites" in of and "ploidy" not in of})
    if not told:
        return no_region()
    text = sql_literal(told)
    return _statements(_PIECE.format(told=text), _CONTIG.format(told=text))


def _statements(piece: str, contig: str) -> list[str]:
    low, high = (
        f"coalesce(try_cast(regexp_extract(translate(in_region::VARCHAR, ',_', ''), '{pattern}', 1)"
        f" AS INTEGER), {otherwise})"
        for pattern, otherwise in zip(_ENDS, ANYWHERE, strict=True)
    )
    macros = {
        "asked_low": low,
        "asked_high": high,
        "asked_plain_piece": piece,
        "asked_contig": contig,
    }
    return [f"CREATE OR REPLACE MACRO {name}(in_region) AS {sql}" for name, sql in macros.items()]


def _told(info: LakeInfo, contigs: set[str]) -> str:
    """For each contig a line of its names, each between tabs, and lines of what is known of it."""
    owners: dict[str, str] = {}
    for contig in info.contigs:
        for name in (*contig.aliases, contig.name):
            owners.setdefault(name, contig.name)
    # Of HLA-A*01:01 the first part could be taken for a contig, and the rest for a position.
    stems = {name.split(":")[0] for name in owners if ":" in name}
    zoned = {zone.contig for zone in info.zones}
    sections = []
    for order, contig in enumerate(info.contigs):
        names = dict.fromkeys((contig.name, *contig.aliases))
        own = [n for n in names if owners[n] == contig.name and ":" not in n and n not in stems]
        if own and contig.name in contigs - zoned:
            line = "\t".join(own)
            sections.append(f"\n\t{line}\t\n{contig.name}\n{order}\n{contig.length_bp}")
    return "".join(sections) + "\n\t" if sections else ""


_CONTIG = """string_split(
    string_split({told}, '\t' || string_split(in_region::VARCHAR, ':')[1] || '\t')[2], '\n'
)[2]"""

# In an argument of query_table() DuckDB takes `part.low` for a text: hence struct_extract().
_PIECE = """list_transform(
    [regexp_extract(
        in_region::VARCHAR, '^([^:]+)(?::([0-9][0-9,_]*)(-?)([0-9,_]*))?$',
        ['contig', 'low', 'dash', 'high']
    )],
    lambda part: list_transform([string_split(
        string_split(
            string_split({told}, '\t' || struct_extract(part, 'contig') || '\t')[2], '\n\t'
        )[1], '\n'
    )],
    lambda known: list_transform([CASE
        WHEN struct_extract(part, 'low') = '' THEN 1
        ELSE try_cast(translate(struct_extract(part, 'low'), ',_', '') AS INTEGER)
    END],
    lambda low: list_transform([CASE
        WHEN struct_extract(part, 'high') <> ''
            THEN try_cast(translate(struct_extract(part, 'high'), ',_', '') AS INTEGER)
        WHEN struct_extract(part, 'dash') = '-' OR struct_extract(part, 'low') = ''
            THEN known[4]::INTEGER
        ELSE low
    END],
    lambda high: CASE WHEN low >= 1 AND low <= high AND high <= known[4]::INTEGER
        THEN {{
            'contig': known[2], 'contig_order': known[3]::INTEGER, 'low': low, 'high': high
        }}
    END)[1])[1])[1])[1]"""
