"""Every question of the catalogue with the arguments it takes, and the answers, to be compared."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from allelake.queries.catalogue import questions
from properties.asking import call

Ask = Callable[[str], Sequence[Mapping[str, object]]]

# For each argument the values that are tried; arguments that are not here keep their default.
TRIED: dict[str, tuple[object, ...]] = {
    "in_cohort": ("all", "some"),
    "in_other": ("some",),
    "in_attribute": ("sex", "population"),
    "in_policy": ("raw", "raw_blocks", "adj@1"),
    "in_ploidy": ("as_called", "by_sex"),
    "in_filter": ("any", "pass"),
}


def every_call(ask: Ask) -> Iterator[str]:
    """Each question with its first arguments, and with each argument once as every other value."""
    variants = ask("SELECT DISTINCT contig, position, ref, alt FROM sites ORDER BY ALL LIMIT 3")
    names = tuple(f"{v['contig']}-{v['position']}-{v['ref']}-{v['alt']}" for v in variants)
    samples = tuple(row["sample_id"] for row in ask("FROM samples ORDER BY ALL LIMIT 2"))
    own = {"in_variant": names, "in_name": names, "in_sample": samples, "in_region": (None,)}
    tried = {**TRIED, **own}
    for question in questions():
        if not question.is_table:
            continue
        arguments = [a.name for a in question.arguments if a.name in tried]
        first = {name: tried[name][0] for name in arguments}
        others = [{**first, name: value} for name in arguments for value in tried[name][1:]]
        for given in (first, *others):
            needed = [a.name for a in question.arguments if a.default is None]
            positional = [given[name] for name in needed]
            named = {name: value for name, value in given.items() if name not in needed}
            yield call(question.name, *positional, **named)


def every_answer(ask: Ask) -> dict[str, object]:
    """By call its rows in a fixed order, or the error that it ends in."""
    return {asked: answer_to(ask, asked) for asked in every_call(ask)}


def answer_to(ask: Ask, asked: str) -> object:
    try:
        rows = ask(asked)
    except Exception as error:  # an error must be the same error afterwards
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return sorted(repr([(name, rounded(value)) for name, value in row.items()]) for row in rows)


def rounded(value: object) -> object:
    """Floats to 12 figures: a mean over the same values in another order differs in the last."""
    return float(f"{value:.12g}") if isinstance(value, float) else value
