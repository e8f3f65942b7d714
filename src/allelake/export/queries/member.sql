-- member: a temporary table of who is exported, with the place of each column.
--
--   $numbers   sample numbers in the order of columns
--   $total     how many
--
-- One row per sample.

CREATE OR REPLACE TEMP TABLE member AS
SELECT
    unnest($numbers::INTEGER[]) AS sample_number,
    unnest(range($total))::INTEGER AS place
