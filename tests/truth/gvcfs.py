"""Lakes of gVCFs and single-sample files beside the same in the plain reference."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import allelake
import reference as ref
from lakes import asking
from properties.asking import by_variant, call, rule_arguments
from reference import Lake, Rules
from reference_per_sample import PerSampleBatch

ANY = Rules()
BLOCKS = Rules("raw_blocks")
ADJ = Rules("adj@1")
PASS = Rules(filter="pass")

Frequencies = dict[ref.Variant, ref.Frequency]


@dataclass(frozen=True)
class PerSample:
    """Files that were each made for their own sample, in the order in which they are given.

    `unknown` are contigs that no lake of the assembly knows; their records are left out.
    """

    files: tuple[Path, ...]
    assembly: str
    unknown: tuple[str, ...] = ()

    def lake(self, folder: Path, *, one_by_one: bool = False) -> allelake.Lake:
        """One batch of all files, or a batch a file."""
        lake = allelake.init(folder, self.assembly)
        options = allelake.IngestOptions(workers=1, skip_unknown_contigs=bool(self.unknown))
        for files in [[file] for file in self.files] if one_by_one else [list(self.files)]:
            lake.ingest(files, options)
        return lake

    def reference(self, lake: allelake.Lake | None = None) -> Lake:
        """The same in the plain reference: one batch, or those whose samples `lake` tells of."""
        texts = [without_contigs(variant_text(file), self.unknown) for file in self.files]
        groups: dict[object, list[str]] = {None: []}
        if lake is not None:
            for row in asking(lake)("FROM samples ORDER BY sample_number"):
                groups.setdefault(row["batch"], []).append(str(row["sample_id"]))
            del groups[None]
        return Lake(tuple(self._batch(texts, names) for names in groups.values()), self.assembly)

    def _batch(self, texts: Sequence[str], names: Sequence[str]) -> PerSampleBatch:
        """A batch of these samples (none named: of all) in this order."""
        chosen = [t for t in texts if not names or set(ref.read_vcf(t).samples) & set(names)]
        return PerSampleBatch(tuple(chosen), assembly=self.assembly, order=tuple(names) or None)


def without_contigs(text: str, contigs: tuple[str, ...]) -> str:
    left_out = tuple(f"{contig}\t" for contig in contigs)
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(left_out))


def variant_text(path: Path) -> str:
    """The text of a VCF or a BCF."""
    if path.suffix != ".bcf":
        return ref.text_of(path)
    return subprocess.run(
        ["bcftools", "view", str(path)], capture_output=True, text=True, check=True
    ).stdout


def frequencies(lake: allelake.Lake, rules: Rules = ANY, cohort: str = "all") -> Frequencies:
    rows = asking(lake)(call("allele_frequency", cohort, **rule_arguments(rules)))
    return by_variant(rows, ref.Frequency)  # type: ignore[return-value]


def differences(expected: Frequencies, found: Frequencies) -> list[str]:
    """The first few variants that differ, in words."""
    return [
        f"{variant}: expected {expected.get(variant)}, found {found.get(variant)}"
        for variant in sorted(expected.keys() | found.keys(), key=str)
        if expected.get(variant) != found.get(variant)
    ][:3]


def assert_equal(lake: allelake.Lake, reference: Lake, rules: Sequence[Rules]) -> None:
    """Each variant's row of allele_frequency is the reference's, under each of the rules."""
    for rule in rules:
        if rule.policy == "adj@1" and not any(batch.has_adj for batch in reference.batches):
            continue
        expected = ref.allele_frequency(reference, rules=rule)
        assert differences(expected, frequencies(lake, rule)) == [], rule
    assert lake.check() == []
