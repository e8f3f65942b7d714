"""Who is exported, as .psam and .fam: sex, family, parents and chosen attributes."""

from collections.abc import Sequence

from allelake.errors import QueryError, UsageError
from allelake.export.people import People
from allelake.export.session import Session
from allelake.export.statements import statement
from allelake.nearest import did_you_mean
from allelake.warehouse.quoting import sql_identifier


def _families(session: Session) -> list[tuple[str, str, str, str]]:
    """Of each person the name, family, father and mother."""
    rows = session.rows(statement("families"))
    for row in rows:
        for name in row:
            if any(character.isspace() for character in name):
                raise QueryError(
                    f"PLINK cannot read a name with a blank: {name!r}. Write a VCF, or leave the "
                    "sample out by a cohort."
                )
    return [(name, family, father, mother) for name, family, father, mother in rows]


def fam_text(session: Session, people: People) -> str:
    """A .fam: family, name, father, mother, sex (1 XY, 2 XX, 0 unknown), no phenotype."""
    rows = zip(_families(session), people.sexes.tolist(), strict=True)
    return "".join(
        f"{family}\t{name}\t{father}\t{mother}\t{sex}\t-9\n"
        for (name, family, father, mother), sex in rows
    )


def psam_text(session: Session, people: People, attributes: Sequence[str]) -> str:
    """A .psam: the same, and the attributes as columns; NA where one is not known."""
    columns = _attributes(session, attributes)
    head = "\t".join(["#FID", "IID", "PAT", "MAT", "SEX", *columns])
    rows = zip(_families(session), people.sexes.tolist(), *columns.values(), strict=True)
    lines = [
        "\t".join([family, name, father, mother, "NA" if sex == 0 else str(sex), *values])
        for (name, family, father, mother), sex, *values in rows
    ]
    return "\n".join([head, *lines]) + "\n"


def _attributes(session: Session, names: Sequence[str]) -> dict[str, list[str]]:
    """Of each attribute everybody's value, as PLINK can read it."""
    known = [row[0] for row in session.rows("SELECT attribute FROM attributes ORDER BY attribute")]
    for name in names:
        if name not in known:
            raise UsageError(f"There is no attribute {name!r}. {did_you_mean(name, known)}")
    found = {}
    for name in names:
        rows = session.rows(
            f"SELECT s.{sql_identifier(name)}::VARCHAR FROM member m "
            "JOIN samples s ON m.sample_number = s.sample_number ORDER BY m.place"
        )
        found[name] = ["_".join(row[0].split()) or "NA" if row[0] else "NA" for row in rows]
    return found
