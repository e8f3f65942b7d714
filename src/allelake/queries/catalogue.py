"""The catalogue: the questions that SQL can ask, and the tables they read."""

from pathlib import Path

from allelake.errors import QueryError
from allelake.nearest import did_you_mean
from allelake.warehouse.catalog.macros import MacroFile, load_macros
from allelake.warehouse.tables import Table, load_tables


def questions() -> tuple[MacroFile, ...]:
    """The questions by topic and name; building blocks are not among them."""
    found = [macro for macro in load_macros() if not macro.is_part]
    return tuple(sorted(found, key=lambda macro: (macro.folder, macro.name)))


def is_lake(name: str) -> bool:
    """Whether the name is a lake's folder rather than a question's."""
    return (Path(name) / "lake.toml").is_file()


def catalogue_lines() -> list[str]:
    """Every question with the sentence it answers to, then every table, for people."""
    lines = []
    listed = questions()
    longest = max((len(each) for each in [*(m.name for m in listed), *load_tables()]), default=0)
    topic = None
    for macro in listed:
        if macro.folder != topic:
            topic = macro.folder
            lines += ["", topic]
        lines.append(f"  {macro.name:{longest}}  {macro.summary}")
    lines += ["", "tables"]
    for table in load_tables().values():
        lines.append(f"  {table.name:{longest}}  {table.what.split('. ')[0].rstrip('.')}")
    return [*lines[1:], "", "`allelake queries NAME` tells all about one of them."]


def help_of(name: str) -> str:
    """All about one question (its header, as in the SQL file) or one table."""
    found: MacroFile | Table = _named(name)
    if isinstance(found, MacroFile):
        return found.help
    width = max(len(column.name) for column in found.columns)
    of = max(len(column.type) for column in found.columns)
    lines = [f"{found.name}: {found.what}", ""]
    lines += [f"  {c.name:{width}}  {c.type:{of}}  {c.help}" for c in found.columns]
    if found.further_columns is not None:
        kind = "imported attributes" if not found.further_columns else found.further_columns + "..."
        lines += ["", f"Further columns: {kind}; `DESCRIBE {found.name}` shows them."]
    return "\n".join(lines)


def as_json(name: str | None) -> object:
    """The catalogue, or one question or table of it, as plain values."""
    if name is None:
        listed = [_question_json(macro) for macro in questions()]
        return {"queries": listed, "tables": [_table_json(t) for t in load_tables().values()]}
    found = _named(name)
    return _question_json(found) if isinstance(found, MacroFile) else _table_json(found)


def _named(name: str) -> MacroFile | Table:
    macros = {macro.name: macro for macro in load_macros()}
    found = macros.get(name) or load_tables().get(name)
    if found is None:
        known = [macro.name for macro in questions()] + list(load_tables())
        raise QueryError(f"There is no query or table {name!r}. {did_you_mean(name, known)}")
    return found


def _question_json(macro: MacroFile) -> dict[str, object]:
    return {
        "name": macro.name,
        "topic": macro.folder,
        "summary": macro.summary,
        "arguments": [
            {"name": a.name, "meaning": a.meaning, "default": a.default} for a in macro.arguments
        ],
        "columns": [{"name": c.name, "meaning": c.meaning} for c in macro.columns],
        "example": macro.example,
    }


def _table_json(table: Table) -> dict[str, object]:
    return {
        "name": table.name,
        "what": table.what,
        "columns": [
            {"name": c.name, "type": c.type, "nullable": c.nullable, "meaning": c.help}
            for c in table.columns
        ],
    }
