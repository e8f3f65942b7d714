"""Profiles: chosen by the header, or a user's own, checked key by key."""

from pathlib import Path

import pytest

from allelake.errors import UsageError
from allelake.ingest.profile import choose_profile, load_profiles, parse_profile
from allelake.ingest.spec import Field
from unit.ingest.plan.reports import DP, GT, only, plan, report


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("GATKCommandLine=<ID=HaplotypeCaller>", "gatk"),
        ("GVCFBlock0-1=minGQ=0(inclusive),maxGQ=1(exclusive)", "gatk"),
        ("GVCFBlock=minGQ=0(inclusive),maxGQ=5(exclusive)", "gatk"),
        ("GLnexusVersion=v1.4.1", "glnexus"),
        ("DeepVariant_version=1.6.0", "deepvariant"),
        ("DRAGENCommandLine=<ID=dragen>", "dragen"),
        ("source=strelka", "illumina"),
        ("source=shapeit4.2.2", "phased_panel"),
        ("source=1000GenomesPhase3Pipeline", "phased_panel"),
        ("source=somebody's script", "generic"),
    ],
)
def test_a_profile_is_chosen_by_what_the_header_says(source: str, name: str) -> None:
    profile, why = choose_profile(report(sources=[source]).header)
    assert profile.name == name
    assert ("no other profile" in why) is (name == "generic")


def test_the_choice_does_not_repeat_a_command_line() -> None:
    """Command lines name samples and paths."""
    source = "GATKCommandLine=<ID=HaplotypeCaller,CommandLine=-I SECRET.bam>"
    _, why = choose_profile(report(sources=[source]).header)
    assert "SECRET" not in why


def test_every_shipped_profile_says_what_it_is_for() -> None:
    profiles = load_profiles()
    assert profiles[-1].name == "generic"
    for profile in profiles:
        assert profile.what
        assert profile.absent == "unknown"
        assert not profile.half_calls_are_haploid and not profile.filter_by_ft
        assert choose_profile(report().header, profile.name)[0] is profile


def test_a_profile_of_ones_own_is_a_toml_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        """
        absent = "reference"
        [info]
        keep = ["V*", "DP"]
        drop = ["VT"]
        [format]
        keep = ["AB"]
        [genotypes]
        half_calls_are_haploid = true
        filter_by_ft = true
        """
    )
    info = [Field(name, "1", "Integer") for name in ("VQ", "VT", "DP", "MQ")]
    file = report(info=info, format=[GT, DP, Field("AB", "1", "Float")])
    batch = only(plan(file, profile=str(path)))
    assert batch.profile.name == "mine"
    assert [kept.field.id for kept in batch.spec.info] == ["VQ", "DP"]
    assert [(k.column, k.sql_type) for k in batch.spec.format] == [("format_ab", "FLOAT")]
    assert batch.absent == "reference"
    assert batch.spec.half_calls_are_haploid
    assert batch.spec.filter_genotypes_by_ft


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("abesnt = 'unknown'", "no key 'abesnt' in a profile. Did you mean 'absent'"),
        ("[info]\nkep = []", r"no key '\[info\] kep' in a profile. Did you mean 'keep'"),
        ("[genotype]\n", "no key 'genotype' in a profile. Did you mean 'genotypes'"),
        ("[info]\nkeep = 'DP'", r"\[info\] keep is 'DP'; expected a list of texts"),
        ("[info]\nkeep = [1]", "keep has 1; expected texts"),
        ("absent = 'ref'", "absent is 'ref'; expected 'unknown' or 'reference'"),
        ("absent = 'regions'", "absent is 'regions'; expected 'unknown' or 'reference'"),
        ("[match]\nsource = ['(']", "is no regular expression"),
        ("name =", "not readable as TOML"),
        ("order = true", "order is True; expected an integer"),
    ],
)
def test_a_profile_that_cannot_be_meant_is_refused(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        parse_profile(text, "mine.toml")


def test_an_unknown_profile_is_told_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"no profile is named 'gatkk'. Did you mean 'gatk'"):
        plan(report(), profile="gatkk")
    with pytest.raises(UsageError, match=r"cannot be read"):
        plan(report(), profile="nowhere.toml")


def test_a_field_asked_for_by_name_must_be_readable(tmp_path: Path) -> None:
    rule = parse_profile('[info]\nkeep = ["*", "X"]', "mine.toml").info
    assert rule.asks_for("X") and not rule.asks_for("Y") and rule.keeps("Y")
