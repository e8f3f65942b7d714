-- carrier_families: in how many families does each alternate allele occur?
--
--   in_cohort   a cohort's name; an unknown name is an error, not an empty answer
--   in_region   NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_policy   which genotypes count: 'raw', 'raw_blocks' or 'adj@1' (gnomAD's adj)
--   in_ploidy   'as_called', or 'by_sex': XY outside PAR carries one copy or none
--   in_filter   'any', or 'pass': only records that are PASS or were not filtered
--
-- Ten copies in one family are one observation. Families are those of `pedigree`; who is in none is
-- counted apart. One row per variant with a carrier:
--   contig           the contig, as the lake's assembly names it
--   position         first base of ref, 1-based
--   ref              reference allele
--   alt              alternate allele
--   ac               copies of alt
--   carriers         people with a copy
--   families         families with at least one carrier
--   no_family        carriers of whom no family is known
--   founders         carriers of whom neither parent is known
--   most_in_family   carriers in the family with most of them; NULL where families is 0
--   end_position     last base of the variant, 1-based
--   sv_length        SVLEN of a symbolic allele; NULL otherwise
--
--   FROM carrier_families('all', '22:16,050,000-17,000,000') WHERE families > 1;

CREATE OR REPLACE MACRO carrier_families(
    in_cohort := 'all',
    in_region := NULL,
    in_policy := 'raw',
    in_ploidy := 'as_called',
    in_filter := 'any'
) AS TABLE
SELECT
    contig,
    position,
    ref,
    alt,
    sum(copies)::BIGINT AS ac,
    sum(people)::BIGINT AS carriers,
    count(family_id) AS families,
    coalesce(sum(people) FILTER (family_id IS NULL), 0)::BIGINT AS no_family,
    sum(founders)::BIGINT AS founders,
    max(people) FILTER (family_id IS NOT NULL) AS most_in_family,
    end_position,
    sv_length
FROM (
    SELECT
        c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length,
        p.family_id,
        count(*) AS people,
        sum(c.alt_count) AS copies,
        count(*) FILTER (p.father_id IS NULL AND p.mother_id IS NULL) AS founders
    FROM carriers(in_region, in_cohort, in_policy, in_ploidy, in_filter) c
    LEFT JOIN pedigree p ON c.participant_id = p.participant_id
    GROUP BY ALL
)
GROUP BY contig, position, ref, alt, end_position, sv_length;
