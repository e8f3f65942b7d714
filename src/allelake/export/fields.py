"""INFO and FORMAT of an export: which fields, how they are declared, and their text in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass

from allelake.export.places import WHERE, Chunk, Span
from allelake.export.session import Session
from allelake.warehouse.quoting import sql_identifier, sql_literal

# Names that are not written in capitals throughout. The lake keeps names in small letters.
_MIXED_CASE = (
    *("BaseQRankSum", "ClippingRankSum", "ExcessHet", "FractionInformativeReads", "HaplotypeScore"),
    *("InbreedingCoeff", "LikelihoodRankSum", "MQRankSum", "OverallMQ", "RAW_MQandDP"),
    *("ReadPosRankSum", "Entropy", "Dels", "HRun", "culprit", "vep", "ensemblVEP", "phyloP"),
)
_KNOWN_NAMES = {name.lower(): name for name in _MIXED_CASE}
_TYPES = {
    "BOOLEAN": "Flag",
    "TINYINT": "Integer",
    "SMALLINT": "Integer",
    "INTEGER": "Integer",
    "BIGINT": "Integer",
    "FLOAT": "Float",
    "DOUBLE": "Float",
}


@dataclass(frozen=True)
class Field:
    """A field of the exported file. `sql` gives its text, NULL where it is not told.

    `type` and `number` are those of the header; `column` is the lake's.
    """

    name: str
    number: str
    type: str
    what: str
    sql: str
    column: str

    def header(self, where: str) -> str:
        """Its line of the header."""
        what = self.what.replace("\\", "\\\\").replace('"', '\\"')
        kind = f"ID={self.name},Number={self.number},Type={self.type}"
        return f'##{where}=<{kind},Description="{what}">'


_END = Field(
    "END",
    "1",
    "Integer",
    "Last base of the variant (end_position)",
    "CASE WHEN alt LIKE '<%' OR end_position <> position + length(ref) - 1 "
    "THEN end_position::VARCHAR END",
    "end_position",
)
_SV_TYPE = Field("SVTYPE", "1", "String", "Kind of structural variant", "sv_type", "sv_type")
_SV_LENGTH = Field(
    "SVLEN", "A", "Integer", "Length of the variant, as written", "sv_length::VARCHAR", "sv_length"
)
STRUCTURAL = (_END, _SV_TYPE, _SV_LENGTH)

DEPTHS = Field(
    "AD",
    "R",
    "Integer",
    "Reads of REF and of ALT; kept of carriers",
    "CASE WHEN ad_ref IS NOT NULL OR ad_alt IS NOT NULL THEN coalesce(ad_ref::VARCHAR, '.') || ',' "
    "|| coalesce(ad_alt::VARCHAR, '.') END",
    "ad_alt",
)
STANDARD = (
    DEPTHS,
    Field("DP", "1", "Integer", "Reads; kept of carriers", "dp::VARCHAR", "dp"),
    Field("GQ", "1", "Integer", "Genotype quality, Phred; of carriers", "gq::VARCHAR", "gq"),
    Field("PS", "1", "Integer", "Phase set; of carriers", "phase_set::VARCHAR", "phase_set"),
)


def file_name(column: str, prefix: str) -> str:
    """What a field is called in a file: capitals, but for names known to have others.

    >>> file_name("info_mqranksum", "info_"), file_name("info_csq", "info_")
    ('MQRankSum', 'CSQ')
    """
    name = column.removeprefix(prefix)
    return _KNOWN_NAMES.get(name, name.upper())


def further_field(column: str, sql_type: str, prefix: str) -> Field:
    """The field of a further column of `sites` or `calls`."""
    kind = _TYPES.get(sql_type.removesuffix("[]"), "String")
    quoted = sql_identifier(column)
    what = f"Column {column} of the lake; the case of the name is not kept"
    if sql_type == "BOOLEAN":
        return Field(file_name(column, prefix), "0", "Flag", what, quoted, column)
    if sql_type.endswith("[]"):
        each = f"coalesce({_text('x', kind)}, '.')"
        text = f"array_to_string(list_transform({quoted}, lambda x: {each}), ',')"
        text = f"nullif({text}, '')"
        return Field(file_name(column, prefix), ".", kind, what, text, column)
    return Field(file_name(column, prefix), "1", kind, what, _text(quoted, kind), column)


def _text(value: str, kind: str) -> str:
    if kind != "Float":
        return f"{value}::VARCHAR"
    # Whole numbers without .0, as they were most likely written.
    return f"regexp_replace({value}::VARCHAR, '[.]0$', '')"


def info_text(fields: Sequence[Field]) -> str:
    """SQL of the INFO column of one row of `sites`; NULL where nothing is told."""
    parts = []
    for field in fields:
        if field.type == "Flag":
            parts.append(f"CASE WHEN {field.sql} THEN {sql_literal(field.name)} END")
        else:
            parts.append(f"{sql_literal(field.name + '=')} || {field.sql}")
    return f"nullif(concat_ws(';', {', '.join(parts)}), '')" if parts else "NULL::VARCHAR"


def format_text(fields: Sequence[Field]) -> str:
    """SQL of what follows GT in one row of `calls`; NULL where nothing is told of it."""
    if not fields:
        return "NULL::VARCHAR"
    told = " OR ".join(f"{field.sql} IS NOT NULL" for field in fields)
    parts = [f"coalesce({field.sql}, '.')" for field in fields]
    text = " || ':' || ".join(parts)
    return f"CASE WHEN {told} THEN ':' || {text} END"


def _is_told(field: Field) -> str:
    return f"coalesce({field.sql}, false)" if field.type == "Flag" else f"{field.sql} IS NOT NULL"


def fields_there(
    session: Session,
    table: str,
    declared: Sequence[Field],
    prefix: str,
    spans: Sequence[Span],
    batches: Sequence[int],
) -> tuple[Field, ...]:
    """Those of the declared and further fields that some row in the spans has a value of."""
    fields = list(declared)
    of_table = session.rows(f"DESCRIBE {table}")
    for column, sql_type, *_ in of_table:
        if column.startswith(prefix):
            fields.append(further_field(column, sql_type, prefix))
    if not fields:
        return ()
    found = [False] * len(fields)
    told = ", ".join(f"bool_or({_is_told(field)})" for field in fields)
    for span in spans:
        if all(found):
            break
        rows = session.rows(
            f"SELECT {told} FROM {table} WHERE {WHERE} "
            "AND list_contains($batches::INTEGER[], batch)",
            {**Chunk(span.contig, span.start, span.end, 0).values(), "batches": list(batches)},
        )
        found = [was or bool(now) for was, now in zip(found, rows[0], strict=True)]
    return tuple(field for field, is_there in zip(fields, found, strict=True) if is_there)
