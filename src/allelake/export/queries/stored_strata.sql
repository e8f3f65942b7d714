-- stored_strata: whom stored frequencies count.
--
--   $name   the name they are stored by
--
-- One row per stratum in their order: its name, attributes, samples, the first attribute of all, and
-- the groups that are no candidates for grpmax.

SELECT
    s.stratum,
    s.attributes,
    s.samples,
    r.settings ->> '$.by[0]' AS first_attribute,
    (r.settings -> '$.leave_out')::VARCHAR[] AS left_out
FROM strata s
JOIN results r ON s.result = r.result
WHERE r.kind = 'frequencies' AND r.name = $name
ORDER BY s.place
