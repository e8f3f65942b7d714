-- largest_info: grpmax and fafmax as text of INFO.
--
--   {strata}    name of a relation, as a literal: 'counted_strata' or 'shown_strata'
--   {largest}   NAME=value of its columns, from g
--
-- One row per variant: allele, info.

SELECT a.allele, {largest} AS info
FROM largest_groups({strata}) g
JOIN allele a ON g.position = a.position
    AND g.ref = a.ref
    AND g.alt = a.alt
    AND g.end_position = a.end_position
    AND g.sv_length IS NOT DISTINCT FROM a.sv_length
