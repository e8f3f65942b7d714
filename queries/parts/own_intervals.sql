-- own_intervals: which rows of calls are covered by records of their own sample and not by regions.
--
--   in_members   name of a relation of samples: sample_number, batch, sex, attribute_value
--   in_asked     name of a relation of pieces: those of asked_pieces(), one row per bin of each
--   in_policy    'raw', 'raw_blocks' or 'adj@1'
--   in_filter    'any' or 'pass'
--
-- `calls.covered` does not tell which. Only in per-sample batches with regions both are there; of
-- those, one row per variant and value of the attribute:
--   contig            the contig
--   position          first base of ref, 1-based
--   ref               reference allele
--   alt               alternate allele
--   end_position      last base of the variant, 1-based
--   sv_length         SVLEN of a symbolic allele; NULL otherwise
--   attribute_value   value of the attribute
--   an                alleles in those intervals
--   samples           samples that have them
--   missing           of those, samples that are to have no allele
--
--   FROM own_intervals('member', 'asked', 'raw', 'any') WHERE an > 0;

CREATE OR REPLACE MACRO own_intervals(in_members, in_asked, in_policy, in_filter) AS TABLE
SELECT
    contig, position, ref, alt, end_position, sv_length, attribute_value,
    sum(alleles)::BIGINT AS an,
    count(*) AS samples,
    count(*) FILTER (alleles = 0) AS missing
FROM (
    SELECT
        c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length, c.attribute_value,
        known_alleles(i.alleles, c.zone, c.sex, c.treated) AS alleles
    FROM (
        SELECT
            c.*,
            r.zone,
            m.sex,
            m.attribute_value,
            CASE m.sex
                WHEN 'XX' THEN r.treated_xx
                WHEN 'XY' THEN r.treated_xy
                ELSE r.treated_none
            END AS treated
        FROM rare_calls c
        JOIN query_table(in_asked) r
            ON c.contig = r.contig AND c.bin = r.bin AND c.position BETWEEN r.low AND r.high
        JOIN query_table(in_members) m ON c.sample_number = m.sample_number
        JOIN batches b ON c.batch = b.batch AND b.absent <> 'unknown'
        WHERE c.covered > 0
    ) c
    JOIN (
        SELECT *, unnest(range(start_position >> 14, (end_position >> 14) + 1))::INTEGER AS place
        FROM callable
        WHERE basis = 'record'
    ) i
        ON c.contig = i.contig
        AND c.sample_number = i.sample_number
        AND c.bin = i.place
        AND i.start_position <= c.position
        AND i.end_position >= covered_end(c.ref, c.alt, c.end_position)
        AND (i.policies >> evidence_level(in_policy, in_filter, c.treated)) & 1 = 1
)
WHERE alleles IS NOT NULL
GROUP BY ALL;
