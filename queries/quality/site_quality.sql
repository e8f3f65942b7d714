-- site_quality: how well was each variant called, and do its carriers' reads bear it out?
--
--   in_cohort        a cohort's name; an unknown name is an error, not an empty answer
--   in_region        NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_policy        which genotypes count: 'raw' (all that were called), 'raw_blocks' (and
--                    reference blocks without reads) or 'adj@1' (gnomAD's adj)
--   in_ploidy        'as_called', or 'by_sex': XX on Y is missing, XY outside PAR has one allele,
--                    and a sample of unknown sex is unknown on X outside PAR and on Y
--   in_filter        'any', or 'pass': only records that are PASS or were not filtered
--   min_call_rate    a call rate below it is flagged
--   min_inbreeding   an inbreeding coefficient below it is flagged (gnomAD: -0.3)
--
-- One row per variant the lake knows there:
--   contig                   the contig, as the lake's assembly names it
--   position                 first base of ref, 1-based
--   ref                      reference allele
--   alt                      alternate allele
--   samples                  people asked, as call_rate has them
--   call_rate                those with all alleles called / samples, in [0, 1]; NULL where nobody
--                            was asked
--   mean_dp                  mean reads (FORMAT DP) over all genotypes that have it, reference
--                            included; NULL without, where the cohort is not whole batches, since
--                            reads of reference genotypes are kept as sums of a batch, where
--                            somebody is known by a reference block, of which no reads are kept,
--                            and with 'pass' where a sample asked alone has a record
--   mean_gq                  mean genotype quality (FORMAT GQ) likewise, Phred
--   balanced_heterozygotes   heterozygotes that count, with reads of both alleles told (FORMAT AD)
--   mean_balance             mean of their reads of alt / (reads of ref + reads of alt), in [0, 1];
--                            near 0.5 for a true one. 1/2 seen from either ALT lacks reads of ref.
--   median_balance           median of the same
--   balance_histogram        how many of them lie in each of 20 bins of 0.05 from 0; 1 is in the
--                            last. NULL where there is none, as mean and median
--   inbreeding               F = 1 - heterozygotes / (2 p q n) over people with two called alleles;
--                            NULL on Y and MT, and where only one allele is seen
--   is_flagged               whether there is a reason to doubt the site
--   reason                   what it is, in words; NULL if there is none
--   end_position             last base of the variant, 1-based
--   sv_length                SVLEN of a symbolic allele; NULL otherwise
--
--   FROM site_quality('all', '22') ORDER BY position;

CREATE OR REPLACE MACRO site_quality(
    in_cohort,
    in_region := NULL,
    in_policy := 'raw',
    in_ploidy := 'as_called',
    in_filter := 'any',
    min_call_rate := 0.9,
    min_inbreeding := -0.3
) AS TABLE
WITH counts AS MATERIALIZED (
    SELECT
        *,
        recorded_samples + covered_samples AS asked_people,
        samples - unknown_samples - missing - covered_missing - assumed_missing AS called
    FROM allele_counts(in_cohort, NULL, in_region, in_policy, in_ploidy, in_filter)
),
asked AS MATERIALIZED (
    SELECT *, unnest(range(low >> 14, (high >> 14) + 1))::INTEGER AS bin
    FROM asked_pieces(in_region, in_ploidy)
),
-- What a per-sample batch sums is of its records alone; which of them passed is not told apart.
-- Sums over a batch are of the cohort where all who are left of the batch are in it, and are kept
-- where nobody of it has withdrawn.
parts AS MATERIALIZED (
    SELECT
        b.batch,
        count(m.sample_number) = count(*) AS is_whole,
        any_value(b.kind) = 'joint' AS is_joint,
        is_joint AND count(*) < any_value(b.samples) AS has_lost
    FROM samples s
    JOIN batches b ON s.batch = b.batch
    LEFT JOIN cohort_samples(in_cohort) m ON s.sample_number = m.sample_number
    GROUP BY b.batch
    HAVING count(m.sample_number) > 0
),
depths AS (
    SELECT
        s.contig, s.position, s.ref, s.alt, s.end_position, s.sv_length,
        CASE
            WHEN NOT bool_or(p.has_lost AND s.dp_n IS NULL OR NOT p.is_joint AND in_filter = 'pass')
                THEN sum(s.dp_sum) / nullif(sum(s.dp_n), 0)
        END AS mean_dp,
        CASE
            WHEN NOT bool_or(p.has_lost AND s.gq_n IS NULL OR NOT p.is_joint AND in_filter = 'pass')
                THEN sum(s.gq_sum) / nullif(sum(s.gq_n), 0)
        END AS mean_gq
    FROM asked_sites(in_region) s
    JOIN asked r ON s.contig = r.contig AND s.bin = r.bin AND s.position BETWEEN r.low AND r.high
    JOIN parts p ON s.batch = p.batch
    WHERE
        s.has_genotypes
        AND (in_filter = 'any' OR NOT p.is_joint OR coalesce(len(s.filters), 0) = 0)
        AND (s.dp_n > 0 OR s.gq_n > 0 OR p.has_lost)
        AND (SELECT bool_and(is_whole) FROM parts)
    GROUP BY ALL
),
-- Batches that keep no details have no reads to compare.
detailed AS MATERIALIZED (
    SELECT m.sample_number, m.batch, m.sample_id, m.participant_id, m.sex
    FROM cohort_samples(in_cohort) m
    JOIN batches b ON m.batch = b.batch AND coalesce(b.has_details, true)
),
balances AS (
    SELECT
        contig, position, ref, alt, end_position, sv_length,
        count(*) AS n,
        avg(balance) AS mean_balance,
        median(balance) AS median_balance,
        list(least(19, floor(balance * 20 + 1e-9))::BIGINT) AS bins
    FROM (
        SELECT *, ad_alt / (ad_ref + ad_alt)::DOUBLE AS balance
        FROM carried_by('detailed', in_region, in_policy, in_ploidy, in_filter, false, false)
        WHERE copies = 1 AND alleles = 2 AND ad_ref + ad_alt > 0
    )
    GROUP BY contig, position, ref, alt, end_position, sv_length
),
judged AS (
    SELECT
        c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length,
        c.asked_people,
        c.covered_samples,
        (c.asked_people - c.half_calls - c.half_references - c.missing - c.covered_missing)
        / nullif(c.asked_people, 0) AS call_rate,
        c.heterozygotes,
        c.an_record + c.an_block + c.an_assumed - c.called AS people,
        2 * c.homozygotes + c.heterozygotes AS copies,
        z.zone IS NULL AS is_diploid
    FROM counts c
    LEFT JOIN zones z
        ON z.zone IN ('y', 'y_par', 'mt')
        AND c.contig = z.contig
        AND c.position BETWEEN z.start_position AND z.end_position
),
joined AS (
    SELECT
        j.*,
        CASE WHEN j.covered_samples = 0 THEN d.mean_dp END AS mean_dp,
        CASE WHEN j.covered_samples = 0 THEN d.mean_gq END AS mean_gq,
        coalesce(b.n, 0) AS balanced_heterozygotes,
        b.mean_balance,
        b.median_balance,
        list_transform(
            CASE WHEN b.n > 0 THEN range(0, 20) END,
            lambda bin: len(list_filter(b.bins, lambda each: each = bin))
        ) AS balance_histogram,
        CASE
            WHEN j.is_diploid
                THEN 1 - 2.0 * j.people * j.heterozygotes
                / nullif((2 * j.people - j.copies) * j.copies, 0)
        END AS inbreeding
    FROM judged j
    LEFT JOIN depths d
        ON j.contig = d.contig
        AND j.position = d.position
        AND j.ref = d.ref
        AND j.alt = d.alt
        AND j.end_position = d.end_position
        AND j.sv_length IS NOT DISTINCT FROM d.sv_length
    LEFT JOIN balances b
        ON j.contig = b.contig
        AND j.position = b.position
        AND j.ref = b.ref
        AND j.alt = b.alt
        AND j.end_position = b.end_position
        AND j.sv_length IS NOT DISTINCT FROM b.sv_length
)
SELECT
    contig,
    position,
    ref,
    alt,
    asked_people AS samples,
    call_rate,
    mean_dp,
    mean_gq,
    balanced_heterozygotes,
    mean_balance,
    median_balance,
    balance_histogram,
    inbreeding,
    coalesce(call_rate < min_call_rate, false) OR coalesce(inbreeding < min_inbreeding, false)
        AS is_flagged,
    nullif(concat_ws(
        '; ',
        CASE
            WHEN call_rate < min_call_rate
                THEN format(
                    'call rate {:.4g} is below {:.4g}',
                    call_rate::DOUBLE, min_call_rate::DOUBLE
                )
        END,
        CASE
            WHEN inbreeding < min_inbreeding
                THEN format(
                    'inbreeding coefficient {:.4g} is below {:.4g}: too many heterozygotes',
                    inbreeding::DOUBLE, min_inbreeding::DOUBLE
                )
        END
    ), '') AS reason,
    end_position,
    sv_length
FROM joined;
