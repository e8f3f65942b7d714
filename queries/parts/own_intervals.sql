-- own_intervals: intervals of records alone, in per-sample batches that have regions as well.
--
--   in_asked     name of a relation of pieces: those of asked_pieces(), one row per bin of each
--
-- `calls.covered` does not tell which of the two covers a row of calls. One row per interval near
-- the pieces and bin of 16,384 bases that it touches:
--   contig           the contig
--   sample_number    the sample
--   place            the bin (position >> 14)
--   first_position   first base of the interval, 1-based
--   last_position    its last base
--   policies         levels under which it is known
--
--   FROM own_intervals('asked') WHERE place >= 0;

CREATE OR REPLACE MACRO own_intervals(in_asked) AS TABLE
SELECT
    k.contig,
    k.sample_number,
    unnest(range(k.start_position >> 14, (k.end_position >> 14) + 1))::INTEGER AS place,
    k.start_position AS first_position,
    k.end_position AS last_position,
    k.policies
FROM callable k
SEMI JOIN (
    SELECT contig, unnest(span_bins(low, high))::INTEGER AS bin
    FROM (SELECT DISTINCT contig, low, high FROM query_table(in_asked))
) r ON k.contig = r.contig AND k.bin = r.bin
SEMI JOIN (SELECT batch FROM batches WHERE kind = 'per_sample' AND absent <> 'unknown') b
    ON k.batch = b.batch
WHERE k.basis = 'record';
