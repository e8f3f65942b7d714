-- carriers: who carries which alternate alleles?
--
--   in_region   NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_cohort   a cohort's name; an unknown name is an error, not an empty answer
--   in_policy   which genotypes count: 'raw' (all that were called), 'raw_blocks' (and reference
--               blocks without reads) or 'adj@1' (gnomAD's adj)
--   in_ploidy   'as_called', or 'by_sex': XY outside PAR carries one copy or none
--   in_filter   'any', or 'pass': only records that are PASS or were not filtered
--
-- One row per variant and sample with at least one copy; the alt_count of a variant add up to the
-- ac of allele_frequency under the same arguments:
--   contig           the contig, as the lake's assembly names it
--   position         first base of ref, 1-based
--   ref              reference allele
--   alt              alternate allele
--   sample_id        name of the sample in its VCF
--   alt_count        copies of alt: 1 or 2
--   called_count     called alleles: 1 for a haploid genotype or a half-call, else 2
--   participant_id   the person
--   ploidy           alleles the genotype has room for, as called
--   haplotype        1 or 2: which allele of a phased genotype is alt; NULL where that is not known
--   phase_set        FORMAT PS
--   dp               reads (FORMAT DP)
--   gq               genotype quality (FORMAT GQ), Phred
--   ad_ref           reads of ref (FORMAT AD)
--   ad_alt           reads of alt (FORMAT AD)
--   batch            the batch of the sample
--   end_position     last base of the variant, 1-based
--   sv_length        SVLEN of a symbolic allele; NULL otherwise
--   filters          of the record in this batch: PASS, . (not filtered) or the filters failed
--
--   FROM carriers('22:16,050,000-17,000,000') ORDER BY position LIMIT 10;

CREATE OR REPLACE MACRO carriers(
    in_region := NULL,
    in_cohort := 'all',
    in_policy := 'raw',
    in_ploidy := 'as_called',
    in_filter := 'any'
) AS TABLE
SELECT
    contig,
    position,
    ref,
    alt,
    sample_id,
    copies AS alt_count,
    alleles AS called_count,
    participant_id,
    ploidy,
    haplotype,
    phase_set,
    dp,
    gq,
    ad_ref,
    ad_alt,
    batch,
    end_position,
    sv_length,
    filters
FROM carried(in_cohort, in_region, in_policy, in_ploidy, in_filter, true);
