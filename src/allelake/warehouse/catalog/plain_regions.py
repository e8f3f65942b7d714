"""The macro asked_plain_piece(in_region): one region of a contig where one rule holds throughout.

Cutting regions at zones and at intervals of `ploidy` takes a tenth of a small question. On most
contigs there is nothing to cut, and then what is asked for is known while the question is bound.
"""

from collections.abc import Iterable

from allelake.warehouse.info import LakeInfo
from allelake.warehouse.quoting import sql_literal
from allelake.warehouse.snapshots import StoredFile

_NAME = "CREATE OR REPLACE MACRO asked_plain_piece(in_region) AS"


def no_plain_region() -> str:
    """The macro of a database that is no lake: it knows no contig."""
    return f"{_NAME} NULL::STRUCT(contig VARCHAR, contig_order INTEGER, low INTEGER, high INTEGER)"


def plain_region(info: LakeInfo, files: Iterable[StoredFile]) -> str:
    """The statement of the macro: the piece, or NULL where asked_pieces() has to find out.

    NULL for lists, for what is wrong with a region, for contigs with zones or haploid samples, and
    for those without variants.
    """
    tables: dict[str, set[str]] = {}
    for file in files:
        tables.setdefault(file.contig or "", set()).add(file.table)
    told = _told(info, {c for c, of in tables.items() if "sites" in of and "ploidy" not in of})
    return no_plain_region() if not told else f"{_NAME} {_SQL.format(told=sql_literal(told))}"


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


# In an argument of query_table() DuckDB takes `part.low` for a text: hence struct_extract().
_SQL = """list_transform(
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
