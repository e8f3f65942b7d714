"""The names that `import allelake` promises.

Adding one: write it here, with help text, and tell it in CHANGELOG.md under New. Taking one away,
or an argument of a method, breaks somebody's notebook: tell it under Changed answers, with what to
use instead.
"""

import inspect
import subprocess
import sys

import allelake
from allelake.queries.answer import Answer

NAMES = {
    "AllelakeError",
    "Answer",
    "CheckFailed",
    "IngestOptions",
    "InputError",
    "Lake",
    "LakeError",
    "Limits",
    "LockedError",
    "QueryError",
    "UsageError",
    "__version__",
    "init",
    "open",
}
LAKE = {
    "allele_frequency",
    "as_of",
    "batch_differences",
    "carriers",
    "check",
    "close",
    "cohort_samples",
    "cohorts",
    "compact",
    "connect",
    "define_cohort",
    "diff",
    "drop_cohort",
    "drop_materialized",
    "explain",
    "export",
    "export_frequencies",
    "files",
    "frequencies",
    "genotype_counts",
    "hardy_weinberg",
    "hardy_weinberg_x",
    "history",
    "import_samples",
    "inferred_sex",
    "info",
    "ingest",
    "kinship",
    "materialize",
    "mendel_errors",
    "mendel_trios",
    "path",
    "pca",
    "project",
    "prune",
    "purge",
    "query",
    "refresh",
    "report",
    "results",
    "sample_duplicates",
    "sample_outliers",
    "sample_quality",
    "sample_summary",
    "samples",
    "site_quality",
    "snapshot",
    "sql",
    "summary",
    "unrelated",
    "vacuum",
    "variant",
    "withdraw",
}
ANSWER = {
    "about",
    "columns",
    "count",
    "head",
    "plot",
    "relation",
    "sql",
    "to_arrow",
    "to_batches",
    "to_dicts",
    "to_pandas",
    "to_polars",
    "to_text_batches",
    "tuples",
    "types",
    "write",
}


def attributes_set_in_init(of: type) -> set[str]:
    names = of.__init__.__code__.co_names
    return {name for name in names if f"self.{name}" in inspect.getsource(of.__init__)}


def members(of: type) -> dict[str, object]:
    """What the class has of its own and from those it is made of."""
    own = [each for each in of.__mro__ if each.__module__.startswith("allelake")]
    return {name: value for each in reversed(own) for name, value in vars(each).items()}


def public(of: type) -> set[str]:
    names = {*members(of), *attributes_set_in_init(of)}
    return {name for name in names if not name.startswith("_")}


def test_the_package_promises_these_names_and_has_them():
    assert set(allelake.__all__) == NAMES == set(dir(allelake))
    for name in NAMES:
        assert getattr(allelake, name)


def test_a_lake_has_these_methods():
    assert public(allelake.Lake) == LAKE


def test_an_answer_has_these_methods():
    assert public(Answer) == ANSWER


def test_every_public_name_has_help():
    for of in (allelake.Lake, Answer):
        for name, value in members(of).items():
            if not name.startswith("_") and callable(value):
                assert value.__doc__, f"{of.__name__}.{name}"
    assert allelake.open.__doc__ and allelake.init.__doc__


def test_importing_allelake_does_not_import_duckdb():
    """DuckDB alone takes longer to import than `allelake --help` may."""
    code = "import sys, allelake; print('duckdb' in sys.modules, 'polars' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
