-- counted_strata: a temporary table of the frequencies of one chunk.
--
--   {rows}        a relation with a variant's key, stratum, ac, an, af, faf95, faf99, homozygotes,
--                 an_record, an_block, an_assumed
--   {candidate}   whether a stratum may be grpmax
--
-- One row per variant and stratum.

CREATE OR REPLACE TEMP TABLE counted_strata AS
SELECT *, {candidate} AS is_candidate
FROM {rows}
