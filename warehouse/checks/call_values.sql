-- A row of calls has counts that no genotype has, or is a default genotype.
SELECT
    format('{}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)) AS place,
    format(
        'tier {}: alt_count {}, called_count {}, default_count {}, ploidy {}, bin {}',
        tier, alt_count, called_count, default_count, ploidy, bin
    ) AS found,
    '0 <= alt_count <= called_count <= ploidy <= 2, no default genotype, bin = position >> 14, '
    || 'carriers only in tier common' AS expected
FROM stored_calls AS calls
WHERE
    contig = getvariable('contig')
    AND (
        alt_count < 0
        OR alt_count > called_count
        OR called_count > ploidy
        OR ploidy NOT BETWEEN 1 AND 2
        -- Of a sample that was asked alone no genotype is a default.
        OR default_count NOT BETWEEN CASE WHEN covered IS NULL THEN 1 ELSE 0 END AND 2
        OR bin != position >> 14
        OR (tier = 'common' AND alt_count = 0)
        -- A reference genotype is a row only where adj@1 fails it.
        OR (
            alt_count = 0
            AND called_count = default_count
            AND ploidy = default_count
            AND (passes_adj IS NULL OR passes_adj)
            AND (passes_adj_haploid IS NULL OR passes_adj_haploid)
        )
        OR coalesce(haplotype, 1) NOT BETWEEN 1 AND 2
        OR (haplotype IS NOT NULL AND (alt_count != 1 OR ploidy != 2))
    )
