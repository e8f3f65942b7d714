-- is_plain_lake: whether all batches of the lake are joint and nothing is assumed in them.
--
-- A commit that finds other batches puts false in its place.
--
--   SELECT is_plain_lake();

CREATE OR REPLACE MACRO is_plain_lake() AS true;
