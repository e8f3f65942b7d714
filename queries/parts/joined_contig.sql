-- joined_contig: what a row's contig is joined by: where everything is asked for, not as it stands.
--
--   in_contig   `contig` of a row
--   in_region   NULL, a region or a list of regions
--
-- DuckDB makes filters of a join on columns, and a state of each for every file. Without a region
-- they keep every row, and in a lake of a thousand files they are a tenth of the question. Of
-- anything but a column it makes none. A contig is never NULL.
--
--   SELECT joined_contig('22', NULL);

CREATE OR REPLACE MACRO joined_contig(in_contig, in_region) AS
    CASE WHEN typeof(in_region) = '"NULL"' THEN coalesce(in_contig, '') ELSE in_contig END;
