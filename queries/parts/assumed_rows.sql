-- assumed_rows: which rows of calls are covered by regions, which by records alone.
--
--   in_rows    name of a relation of such rows: own_rows of per_sample_counts()
--   in_asked   name of a relation of pieces: those of asked_pieces(), one row per bin of each
--   in_region  NULL, a region or a list of regions: which files are read
--
-- `calls.covered` does not tell which of the two covers it. The rows, and one column more:
--   contig            the contig
--   position          first base of ref, 1-based
--   ref               reference allele
--   alt               alternate allele
--   end_position      last base of the variant, 1-based
--   sv_length         SVLEN of a symbolic allele; NULL otherwise
--   attribute_value   value of the attribute
--   zone              autosome, x, y, x_par, y_par or mt
--   sex               'XX', 'XY' or NULL
--   treated           what treatment() says
--   alt_count         copies of alt, 0 to 2
--   alleles           called alleles that count
--   is_haploid        whether the genotype has room for one allele
--   is_open           whether the row counts
--   covered_there     what covered_alleles() says
--   is_assumed        whether regions (not records alone) cover the variant, if anything does
--
--   FROM assumed_rows('own_rows', 'asked', NULL) WHERE is_assumed;

CREATE OR REPLACE MACRO assumed_rows(in_rows, in_asked, in_region) AS TABLE
SELECT
    c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length, c.attribute_value,
    c.zone, c.sex, c.treated, c.alt_count, c.alleles, c.is_haploid, c.is_open, c.covered_there,
    -- In a batch with regions an interval is one of them unless it is of records alone.
    c.covered_there = 3 OR (c.has_regions AND i.place IS NULL) AS is_assumed
FROM query_table(in_rows) c
LEFT JOIN (
    SELECT
        k.contig, k.sample_number, k.start_position, k.policies,
        k.end_position AS last_position,
        unnest(range(k.start_position >> 14, (k.end_position >> 14) + 1))::INTEGER AS place
    FROM asked_callable(in_region) k
    SEMI JOIN (
        SELECT contig, unnest(span_bins(low, high))::INTEGER AS bin
        FROM (SELECT DISTINCT contig, low, high FROM query_table(in_asked))
    ) r ON k.contig = r.contig AND k.bin = r.bin
    SEMI JOIN (SELECT batch FROM batches WHERE kind = 'per_sample' AND absent <> 'unknown') b
        ON k.batch = b.batch
    WHERE k.basis = 'record'
) i
    ON c.contig = i.contig
    AND c.sample_number = i.sample_number
    AND c.bin = i.place
    AND i.start_position <= c.position
    AND i.last_position >= covered_end(c.ref, c.alt, c.end_position)
    AND (i.policies >> c.asked_level) & 1 = 1;
