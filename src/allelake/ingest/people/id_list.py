"""A list of samples' names: one per line, or a column of a table."""

from allelake.errors import InputError
from allelake.ingest.people.column_names import name_columns, role_of, snake_case


def sample_names(text: str, where: str) -> list[str]:
    """The names in the order of the text, each once; `where` is the file's name, for messages.

    >>> sample_names("HG00403\\n# controls\\nHG00404\\nHG00403\\n", "a.txt")
    ['HG00403', 'HG00404']
    >>> sample_names("sample_id,batch\\nHG00403,7\\n", "a.csv")
    ['HG00403']
    >>> sample_names("sample_id\\tage\\nHG00403\\t\\n", "a.tsv")
    ['HG00403']
    """
    numbered = [
        # An empty last cell of a table is a tab at the end.
        (number, line.strip(" \r\n"))
        for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]
    if not numbered:
        raise InputError(f"{where}: holds no name. One name per line is expected.")
    delimiter = next((each for each in ("\t", ",") if each in numbered[0][1].strip()), None)
    if delimiter is None:
        if role_of(snake_case(numbered[0][1].strip())) in ("sample", "participant"):
            numbered = numbered[1:]
        return list(dict.fromkeys(name.strip() for _, name in numbered))
    header = numbered[0][1].split(delimiter)
    columns, _ = name_columns(header, None, where)
    roles = {column.role: column.index for column in columns}
    key = roles["sample"] if "sample" in roles else roles["participant"]
    names: dict[str, None] = {}
    for number, line in numbered[1:]:
        cells = line.split(delimiter)
        if len(cells) != len(header):
            raise InputError(
                f"{where}, line {number}: has {len(cells)} columns, and {len(header)} are expected."
            )
        names[cells[key].strip().strip('"')] = None
    return list(names)
