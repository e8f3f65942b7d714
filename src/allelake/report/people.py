"""Section: who is in the cohort."""

from bisect import bisect_right

from allelake.plot import charts
from allelake.plot.style import drawing, new_figure, svg_of
from allelake.report.asked import OTHERS, Asked, Attribute
from allelake.report.parts import Cell, Picture, Section, Table
from allelake.report.spread import Spread, spread
from allelake.report.suppress import share

# More bars than this are a list, not a picture.
_MOST_BARS = 30


class Telling:
    """In the place of a picture: the attribute tells of few people beside what is shown."""


TELLING = Telling()
Made = tuple[Picture | None, Table] | Telling | None


def who(asked: Asked) -> Section:
    """How many people have each value of each attribute that can be told."""
    rule = asked.rule
    people = "1 person" if asked.people == 1 else f"{rule.shown(asked.people):,} people"
    words = [f"The cohort has {people}, each counted once."]
    if rule.nearest == 1 and asked.outsiders > 0 and rule.hides(asked.outsiders):
        words.append(
            "Nearly everybody of the lake is in it: a report of the whole lake beside this one "
            "would tell of the few who are not. Publish one of the two."
        )
    pictures: list[Picture] = []
    tables: list[Table] = []
    untold: list[str] = []
    telling: list[str] = []
    for attribute in _in_order(asked):
        if len(attribute.counts) == 1 and attribute.name == "batch":
            continue
        made = _quantity(asked, attribute) if attribute.is_quantity else _values(asked, attribute)
        if made is None or isinstance(made, Telling):
            (untold if made is None else telling).append(attribute.name)
            continue
        picture, table = made
        pictures += [picture] if picture else []
        tables.append(table)
    if untold:
        words.append(
            f"Not shown, having too many values or too few people with each: {', '.join(untold)}."
        )
    if telling:
        words.append(
            "Not shown, since beside what is shown it would tell of few people: "
            f"{', '.join(telling)}."
        )
    if set(asked.attributes) <= {"sex", "batch"}:
        words.append(
            "Nothing else is known of them: `allelake samples import LAKE FILE` brings it in."
        )
    return Section("people", "Who is in the cohort", words, pictures, tables, [asked.people_query])


def _in_order(asked: Asked) -> list[Attribute]:
    """The attribute that groups first, then sex, the others, and the batch last."""
    rank = {asked.by: 0, "sex": 1, "batch": 3}
    return sorted(asked.attributes.values(), key=lambda one: rank.get(one.name, 2))


def _values(asked: Asked, attribute: Attribute) -> Made:
    if not attribute.is_group:
        return None
    groups = asked.groups(attribute.name)
    if list(groups) == [OTHERS]:
        return None
    if not asked.publish(attribute.name, asked.parts(attribute.name)):
        return TELLING
    shown = {name: asked.rule.shown(count) for name, count in groups.items()}
    rows: list[list[Cell]] = [
        [name, shown[name], share(count, asked.people, asked.rule)]
        for name, count in groups.items()
    ]
    title = f"People by {attribute.name}"
    table = Table(title, [attribute.name, "people", "share"], rows)
    if len(groups) > _MOST_BARS or len(groups) < 2:
        return None, table
    with drawing(title):
        figure, (axes,) = new_figure(0.75 + 0.27 * len(groups))
        charts.bars(axes, {name: float(count) for name, count in shown.items()}, "people")
        alt = f"{title}: " + ", ".join(f"{name} {count:,}" for name, count in shown.items())
        return Picture(title, svg_of(figure, f"people-{len(groups)}-{_slug(title)}", alt)), table


def _quantity(asked: Asked, attribute: Attribute) -> Made:
    values = [
        float(value)
        for value, count in attribute.counts.items()
        if value is not None
        for _ in range(count)
    ]
    unknown = asked.people - len(values)
    if asked.rule.hides(unknown):
        # Who is known would tell how many are not.
        return None
    found = spread(values, asked.rule, floor=0 if min(values, default=-1) >= 0 else None)
    if found is None:
        return None
    inner = list(found.edges[1:-1])
    parts = {
        number: None if value is None else bisect_right(inner, float(value) + 1e-9)
        for number, value in asked.values_of(attribute.name).items()
    }
    if not asked.publish(attribute.name, parts):
        return TELLING
    title = f"People by {attribute.name}"
    table = spread_table(title, attribute.name, found)
    return spread_picture(title, attribute.name, found, f"people-{_slug(attribute.name)}"), table


def spread_table(title: str, quantity: str, found: Spread) -> Table:
    """The bars of a histogram as rows, its mean and quartiles below."""
    rows: list[list[Cell]] = [
        [name, count] for name, count in zip(found.ranges(), found.counts, strict=True)
    ]
    rows.append(["mean", float(f"{found.mean:.4g}")])
    for name, value in zip(
        ("lower quartile", "median", "upper quartile"), found.quartiles, strict=True
    ):
        if value is not None:
            rows.append([name, value])
    return Table(title, [quantity, "people"], rows)


def spread_picture(title: str, unit: str, found: Spread, name: str) -> Picture | None:
    """The histogram; None where everybody had to be joined into one bar."""
    if len(found.counts) < 2:
        return None
    with drawing(name):
        figure, (axes,) = new_figure(2.1)
        charts.histogram(axes, found.edges, found.heights, unit)
        axes.set_ylabel(f"people per {found.step:g}")
        words = ", ".join(
            f"{range_} {count:,}"
            for range_, count in zip(found.ranges(), found.counts, strict=True)
        )
        return Picture(title, svg_of(figure, name, f"{title}: {words}"))


def _slug(text: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in text.lower())
