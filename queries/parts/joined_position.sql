-- joined_position: what a row's position is joined by: where everything is asked for, not as it
-- stands.
--
--   in_position   `position` of a row
--   in_region     NULL, a region or a list of regions
--
-- For the reason that joined_contig() has. A position is never NULL.
--
--   SELECT joined_position(16050075, NULL);

CREATE OR REPLACE MACRO joined_position(in_position, in_region) AS
    CASE WHEN typeof(in_region) = '"NULL"' THEN coalesce(in_position, 0) ELSE in_position END;
