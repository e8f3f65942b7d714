-- plain_carried: what carried_by() gives, with filters and whole rows, where nothing has to be told
-- apart: all genotypes count as they were called, in one region of a contig without zones and
-- haploid samples.
--
--   in_members   name of a relation of samples: sample_number, batch, sample_id, participant_id,
--                sex
--   in_region    a region that asked_plain_piece() knows
--   is_alone     whether the relation is one sample: then planes are looked at before they are cast
--
-- For policies 'raw' and 'raw_blocks' and filter 'any'. One row per variant and sample:
--   contig            the contig, as the lake's assembly names it
--   position          first base of ref, 1-based
--   ref               reference allele
--   alt               alternate allele
--   end_position      last base of the variant, 1-based
--   sv_length         SVLEN of a symbolic allele; NULL otherwise
--   batch             the batch of the sample
--   sample_number     number of the sample
--   sample_id         name of the sample in its VCF
--   participant_id    the person
--   sex               'XX', 'XY' or NULL
--   copies            copies of alt that count: 1 or 2
--   alleles           called alleles that count: 1 or 2
--   is_haploid        whether the one allele is all there is room for
--   ploidy            alleles the genotype has room for, as called
--   haplotype         1 or 2: which allele of a phased genotype is alt
--   phase_set         FORMAT PS
--   dp                reads
--   gq                genotype quality, Phred
--   ad_ref            reads of ref
--   ad_alt            reads of alt
--   filters           of the record: PASS, . (not filtered) or the filters failed
--
--   FROM plain_carried('member', '22', false) WHERE copies > 0;

CREATE OR REPLACE MACRO plain_carried(in_members, in_region, is_alone) AS TABLE
WITH sites_there AS (
    SELECT
        s.contig, s.position, s.ref, s.alt, s.end_position, s.sv_length, s.batch, s.filters
    FROM asked_sites(in_region) s
    WHERE
        s.contig = asked_contig(in_region)
        AND s.position BETWEEN asked_low(in_region) AND asked_high(in_region)
),
own_sites AS (
    SELECT s.* FROM sites_there s SEMI JOIN query_table(in_members) m ON s.batch = m.batch
),
not_passed AS (
    FROM query_table(CASE WHEN is_alone THEN 'own_sites' ELSE 'sites_there' END)
    WHERE coalesce(len(filters), 1) > 0
),
carriers_there AS (
    SELECT
        c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length, c.batch,
        c.sample_number, c.alt_count, c.called_count, c.ploidy, c.haplotype, c.phase_set,
        c.dp, c.gq, c.ad_ref, c.ad_alt, c.covered, c.filters,
        m.sample_id, m.participant_id, m.sex
    FROM asked_stored_calls(in_region) c
    JOIN query_table(in_members) m ON c.sample_number = m.sample_number
    WHERE
        c.alt_count > 0
        AND c.contig = asked_contig(in_region)
        AND c.position BETWEEN asked_low(in_region) AND asked_high(in_region)
    UNION ALL
    SELECT
        contig, position, ref, alt, end_position, sv_length, batch,
        sample_number, alt_count, called_count, ploidy, haplotype, NULL,
        NULL, NULL, NULL, NULL, NULL, NULL,
        sample_id, participant_id, sex
    FROM plain_whole(in_members, in_region, is_alone)
)
SELECT
    j.contig,
    j.position,
    j.ref,
    j.alt,
    j.end_position,
    j.sv_length,
    j.batch,
    j.sample_number,
    j.sample_id,
    j.participant_id,
    j.sex,
    least(j.alt_count, j.called_count)::INTEGER AS copies,
    j.called_count::INTEGER AS alleles,
    j.ploidy = 1 AS is_haploid,
    j.ploidy,
    j.haplotype,
    j.phase_set,
    j.dp,
    j.gq,
    j.ad_ref,
    j.ad_alt,
    CASE
        -- A sample that was asked alone has filters of its own.
        WHEN j.covered IS NOT NULL
            THEN CASE
                WHEN j.filters IS NULL THEN '.'
                WHEN len(j.filters) = 0 THEN 'PASS'
                ELSE array_to_string(j.filters, ';')
            END
        WHEN s.batch IS NULL THEN 'PASS'
        WHEN s.filters IS NULL THEN '.'
        ELSE array_to_string(s.filters, ';')
    END AS filters
FROM carriers_there j
LEFT JOIN not_passed s
    ON j.contig = s.contig
    AND j.position = s.position
    AND j.ref = s.ref
    AND j.alt = s.alt
    AND j.end_position = s.end_position
    AND j.sv_length IS NOT DISTINCT FROM s.sv_length
    AND j.batch = s.batch
WHERE j.called_count > 0;
