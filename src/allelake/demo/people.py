"""The people of the demo: three invented populations, sexes, and families."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from allelake.errors import UsageError

# Invented groups: their shares of the cohort, and how far each drifted from their common ancestors
# (the F of Balding and Nichols 1995; 0.08 is a small island's founder effect).
POPULATION_SHARES = {"north": 0.45, "south": 0.33, "island": 0.22}
DRIFT = {"north": 0.02, "south": 0.03, "island": 0.08}

SMALLEST_COHORT = 30
# One in sixteen people is the first child of a trio, every fifth such family has a second child,
# and every eighth has a father who was not sequenced.
PEOPLE_PER_FAMILY = 16
SECOND_CHILD_EVERY = 5
ABSENT_FATHER_EVERY = 8


@dataclass(frozen=True)
class Person:
    """One simulated person; parents are participant ids, empty where they are not in the study.

    `stated_sex` is what the people file says: empty for a few, as in real cohorts. Who is not
    sequenced stands in the people file only.
    """

    participant_id: str
    sample_id: str
    sex: str
    stated_sex: str
    population: str
    age: int
    family_id: str = ""
    father_id: str = ""
    mother_id: str = ""
    is_sequenced: bool = True


def make_people(total: int, rng: np.random.Generator) -> list[Person]:
    """`total` sequenced people, and a few fathers who are not; parents before their children."""
    if total < SMALLEST_COHORT:
        raise UsageError(f"a demo cohort has at least {SMALLEST_COHORT} people; {total} were asked")
    people: list[Person] = []
    for population, count in people_per_population(total).items():
        people += make_population(population, count, len(people), rng)
    people = number_people(people)
    return forget_some_sexes(people, rng)


def people_per_population(total: int) -> dict[str, int]:
    """How many sequenced people each population has.

    >>> people_per_population(1000)
    {'north': 450, 'south': 330, 'island': 220}
    """
    counts = {name: int(total * share) for name, share in POPULATION_SHARES.items()}
    counts["north"] += total - sum(counts.values())
    return counts


def make_population(
    population: str, count: int, offset: int, rng: np.random.Generator
) -> list[Person]:
    """One population's people, families first; ids are placeholders that count from `offset`."""
    members: list[Person] = []
    sequenced = 0
    for family in range(count // PEOPLE_PER_FAMILY):
        household = make_family(population, family, offset + len(members), rng)
        members += household
        sequenced += sum(person.is_sequenced for person in household)
    for _ in range(count - sequenced):
        sex = "XX" if rng.random() < 0.5 else "XY"
        name = str(offset + len(members))
        members.append(Person(name, name, sex, sex, population, int(rng.integers(20, 90))))
    return members


def make_family(
    population: str, family: int, offset: int, rng: np.random.Generator
) -> list[Person]:
    """Father, mother, and one or two children."""
    family_id = f"{population}-family-{family + 1}"
    children = 2 if family % SECOND_CHILD_EVERY == 0 else 1
    names = [str(offset + number) for number in range(2 + children)]
    ages = rng.integers(38, 60, size=2)
    parents = [
        Person(names[0], names[0], "XY", "XY", population, int(ages[0]), family_id),
        Person(names[1], names[1], "XX", "XX", population, int(ages[1]), family_id),
    ]
    if family % ABSENT_FATHER_EVERY == 2:
        parents[0] = replace(parents[0], is_sequenced=False)
    for name in names[2:]:
        sex = "XX" if rng.random() < 0.5 else "XY"
        age = int(rng.integers(1, 18))
        parents.append(Person(name, name, sex, sex, population, age, family_id, names[0], names[1]))
    return parents


def number_people(people: list[Person]) -> list[Person]:
    """The same people with ids P0001 (participants) and DEMO0001 (their samples)."""
    ids = {person.participant_id: f"P{n:04d}" for n, person in enumerate(people, 1)}
    ids[""] = ""
    return [
        replace(
            person,
            participant_id=ids[person.participant_id],
            sample_id=ids[person.sample_id].replace("P", "DEMO"),
            father_id=ids[person.father_id],
            mother_id=ids[person.mother_id],
        )
        for person in people
    ]


def forget_some_sexes(people: list[Person], rng: np.random.Generator) -> list[Person]:
    """The same people, with the sex of about one in 300 left out of the people file."""
    alone = [n for n, person in enumerate(people) if not person.family_id]
    forgotten = set(rng.choice(alone, size=max(1, len(people) // 300), replace=False).tolist())
    return [
        replace(person, stated_sex="") if n in forgotten else person
        for n, person in enumerate(people)
    ]


def write_people(people: list[Person], path: Path) -> None:
    """Writes the people file: one row per person, tab-separated, with a header."""
    lines = ["sample_id\tparticipant_id\tsex\tpopulation\tage\tfamily_id\tfather_id\tmother_id"]
    for person in people:
        fields = (
            person.sample_id,
            person.participant_id,
            person.stated_sex,
            person.population,
            str(person.age),
            person.family_id,
            person.father_id,
            person.mother_id,
        )
        lines.append("\t".join(fields))
    path.write_text("\n".join(lines) + "\n")
