-- frequency_info: the INFO column of frequencies.
--
--   {strata}     counted_strata or shown_strata
--   {suffixes}   list of structs: stratum, suffix (of its fields' names), place (their order)
--   {counts}     NAME=value of a stratum's counts, from t and x.suffix
--   {basis}      the same of what AN rests on, for all people
--   {largest}    relation with allele and info: grpmax and fafmax
--
-- One row per variant of the temporary table `allele`, in its order; info is NULL where nothing is
-- told.

SELECT a.allele, nullif(concat_ws(';', c.info, l.info), '') AS info
FROM allele a
LEFT JOIN (
    SELECT
        a.allele,
        string_agg(
            concat_ws(';', {counts}, CASE WHEN t.stratum = 'all' THEN {basis} END), ';'
            ORDER BY x.place
        ) AS info
    FROM {strata} t
    JOIN (SELECT unnest({suffixes}, recursive := true)) x ON t.stratum = x.stratum
    JOIN allele a ON t.position = a.position
        AND t.ref = a.ref
        AND t.alt = a.alt
        AND t.end_position = a.end_position
        AND t.sv_length IS NOT DISTINCT FROM a.sv_length
    GROUP BY a.allele
) c ON a.allele = c.allele
LEFT JOIN {largest} l ON a.allele = l.allele
ORDER BY a.allele
