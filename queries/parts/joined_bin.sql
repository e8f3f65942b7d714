-- joined_bin: what a row's bin is joined by: where everything is asked for, nothing.
--
--   in_bin      `bin` of a row
--   in_region   NULL, a region or a list of regions
--
-- Without a region pieces are whole contigs, and a join on their 190,000 bins would cost more than
-- all else. Which it is is known when the question is planned.
--
--   SELECT joined_bin(7, NULL);

CREATE OR REPLACE MACRO joined_bin(in_bin, in_region) AS
    CASE WHEN typeof(in_region) = '"NULL"' THEN 0 ELSE in_bin END;
