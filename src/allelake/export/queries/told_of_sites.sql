-- told_of_sites: what stands before the genotypes of a line.
--
--   $contig, $low, $high, $low_bin, $high_bin   a stretch of a contig
--   $batches   the batches whose rows count
--   {info}     the INFO column of a row of `sites`
--
-- One row per variant of the temporary table `allele`, in its order. Where one batch has the variant
-- its own order of identifiers and filters stays; of several, FILTER is what any of them failed,
-- QUAL and INFO are of the first that has them. What a record of one sample says of it speaks for
-- nobody else, but for symbolic alleles:
--   position, ref, alt, end_position, sv_length   the variant's key
--   ids, qual, filters, info                      as a VCF has them
--   has_genotypes   whether a record of it has genotypes
--   differing       whether batches say different things of it

SELECT a.allele, a.position, a.ref, a.alt, a.end_position, a.sv_length, s.* EXCLUDE (allele)
FROM allele a
JOIN (
    SELECT
        allele,
        CASE
            WHEN count(id) = 0 THEN '.'
            WHEN count(id) = 1
                THEN any_value(array_to_string([id] || coalesce(other_ids, []), ';'))
                    FILTER (id IS NOT NULL)
            ELSE array_to_string(list_sort(list_distinct(
                flatten(list([id] || coalesce(other_ids, [])) FILTER (id IS NOT NULL)))), ';')
        END AS ids,
        arg_min(qual, batch) FILTER (qual IS NOT NULL) AS qual,
        CASE
            WHEN count(*) FILTER (len(filters) > 0) = 1
                THEN any_value(array_to_string(filters, ';')) FILTER (len(filters) > 0)
            WHEN count(*) FILTER (len(filters) > 0) > 1
                THEN array_to_string(list_sort(list_distinct(
                    flatten(list(filters) FILTER (len(filters) > 0)))), ';')
            WHEN count(filters) > 0 THEN 'PASS'
            ELSE '.'
        END AS filters,
        coalesce(arg_min(info, batch) FILTER (info IS NOT NULL), '.') AS info,
        bool_or(has_genotypes) AS has_genotypes,
        count(DISTINCT (qual, filters, info)) > 1 AS differing
    FROM (
        SELECT
            a.allele,
            t.batch,
            t.id,
            t.other_ids,
            t.filters,
            t.has_genotypes,
            CASE WHEN t.source_sample IS NULL THEN t.qual END AS qual,
            CASE WHEN t.source_sample IS NULL OR t.alt LIKE '<%' THEN t.info END AS info
        FROM (
            SELECT *, {info} AS info
            FROM sites
            WHERE contig = $contig
                AND bin BETWEEN $low_bin AND $high_bin
                AND position BETWEEN $low AND $high
                AND list_contains($batches::INTEGER[], batch)
        ) t
        JOIN allele a ON t.position = a.position
            AND t.ref = a.ref
            AND t.alt = a.alt
            AND t.end_position = a.end_position
            AND t.sv_length IS NOT DISTINCT FROM a.sv_length
    )
    GROUP BY allele
) s ON a.allele = s.allele
ORDER BY a.allele
