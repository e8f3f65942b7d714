-- largest_groups: of each variant's groups, those with the highest frequencies.
--
--   in_groups   name of a relation: a variant's contig, position, ref, alt, end_position and
--               sv_length, stratum, ac, an, af, faf95, faf99, homozygotes, and is_candidate
--
-- One row per variant, candidates or not:
--   contig              the contig
--   position            first base of ref, 1-based
--   ref                 reference allele
--   alt                 alternate allele
--   grpmax              the candidate with the highest af among those with a copy
--   ac_grpmax           copies of alt there
--   an_grpmax           called alleles there
--   af_grpmax           ac_grpmax / an_grpmax
--   homozygotes_grpmax  people with two copies there
--   fafmax95            the highest faf95 of a candidate; NULL where all are 0
--   fafmax95_group      the candidate that has it
--   fafmax99            the highest faf99 of a candidate
--   fafmax99_group      the candidate that has it
--   end_position        last base of the variant, 1-based
--   sv_length           SVLEN of a symbolic allele; NULL otherwise
--
--   FROM largest_groups('some_groups') WHERE grpmax = 'XX';

CREATE OR REPLACE MACRO largest_groups(in_groups) AS TABLE
SELECT
    contig,
    position,
    ref,
    alt,
    largest.stratum AS grpmax,
    largest.ac AS ac_grpmax,
    largest.an AS an_grpmax,
    largest.ac / largest.an AS af_grpmax,
    largest.homozygotes AS homozygotes_grpmax,
    surest.faf95 AS fafmax95,
    surest.stratum AS fafmax95_group,
    surer.faf99 AS fafmax99,
    surer.stratum AS fafmax99_group,
    end_position,
    sv_length
FROM (
    SELECT
        contig, position, ref, alt, end_position, sv_length,
        first(
            struct_pack(stratum := stratum, ac := ac, an := an, homozygotes := homozygotes)
            ORDER BY af DESC, stratum
        ) FILTER (is_candidate AND ac > 0 AND an > 0) AS largest,
        first(struct_pack(stratum := stratum, faf95 := faf95) ORDER BY faf95 DESC, stratum)
            FILTER (is_candidate AND faf95 > 0) AS surest,
        first(struct_pack(stratum := stratum, faf99 := faf99) ORDER BY faf99 DESC, stratum)
            FILTER (is_candidate AND faf99 > 0) AS surer
    FROM query_table(in_groups)
    GROUP BY contig, position, ref, alt, end_position, sv_length
);
