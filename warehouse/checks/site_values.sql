-- A row of sites has a bin, an end or an ALT number that cannot be.
SELECT
    format('{}:{} {}>{}', contig, position, left(ref, 20), left(alt, 20)) AS place,
    format(
        'batch {}: bin {}, end_position {}, ALT {} of {}',
        batch, bin, end_position, record_alt_index, record_alt_total
    ) AS found,
    'bin = position >> 14, end_position >= position, ALT number within its record' AS expected
FROM sites
WHERE
    contig = getvariable('contig')
    AND (
        bin != position >> 14
        OR end_position < position
        OR record_alt_index NOT BETWEEN 1 AND record_alt_total
        OR ref = ''
        OR alt = ''
    )
