-- explained: what each member of a cohort adds to the AN of each variant, and why.
--
--   in_region    NULL, a region or a list of regions: meant for few variants at a time
--   in_cohort    a cohort's name
--   in_policy    'raw', 'raw_blocks' or 'adj@1'
--   in_ploidy    'as_called' or 'by_sex'
--   in_filter    'any' or 'pass'
--
-- One row per variant and member, of alleles that add up to the an of allele_counts:
--   contig           the contig, as the lake's assembly names it
--   position         first base of ref, 1-based
--   ref              reference allele
--   alt              alternate allele
--   end_position     last base of the variant, 1-based
--   sv_length        SVLEN of a symbolic allele; NULL otherwise
--   sample_number    number of the sample
--   batch            the batch of the sample
--   part             the part of AN it is in: record, block, assumed; none where nothing is known
--   reason           why, in one word: see reason_text
--   detail           what failed (thresholds, filters) or by which rule; NULL where the reason says
--                    all
--   alleles          alleles that count in AN
--   copies           of them, copies of alt
--   dp               reads: of the sample's record, else the least of the interval
--   gq               genotype quality, Phred: of the record, else the least of the interval
--   interval_start   first base of the interval of `callable` that decided, 1-based
--   interval_end     its last base
--
--   FROM explained('22:16050075', 'all', 'raw', 'as_called', 'any');

CREATE OR REPLACE MACRO explained(in_region, in_cohort, in_policy, in_ploidy, in_filter) AS TABLE
WITH question AS MATERIALIZED (
    FROM checked_question(in_cohort, in_policy, in_ploidy, in_filter)
),
asked AS MATERIALIZED (
    SELECT *, unnest(range(low >> 14, (high >> 14) + 1))::INTEGER AS bin
    FROM asked_pieces(in_region, in_ploidy)
),
records AS MATERIALIZED (
    SELECT
        s.contig, s.bin, s.position, s.ref, s.alt, s.end_position, s.sv_length,
        s.batch, s.filters, s.has_genotypes, s.source_sample,
        r.zone, r.rule_start, r.treated_xx, r.treated_xy, r.treated_none,
        covered_end(s.ref, s.alt, s.end_position) AS last_base,
        dense_rank() OVER (
            ORDER BY s.contig, s.position, s.ref, s.alt, s.end_position, s.sv_length
        ) AS variant
    FROM sites s
    JOIN asked r ON s.contig = r.contig AND s.bin = r.bin AND s.position BETWEEN r.low AND r.high
),
variants AS MATERIALIZED (
    SELECT DISTINCT * EXCLUDE (batch, filters, has_genotypes, source_sample) FROM records
),
-- One row per variant and member. `owner`: whose intervals speak of the member, its own or those of
-- its whole batch. `level`: the bit of `callable.policies` that policy, filter and sex ask for.
member AS MATERIALIZED (
    SELECT
        *,
        1 << (shift + CASE
            WHEN is_adj THEN CASE treated WHEN 'haploid' THEN 3 ELSE 2 END
            WHEN in_policy = 'raw_blocks' THEN 1
            ELSE 0
        END) AS level
    FROM (
        SELECT
            v.*,
            m.sample_number,
            m.batch,
            s.sex,
            CASE s.sex
                WHEN 'XX' THEN v.treated_xx WHEN 'XY' THEN v.treated_xy ELSE v.treated_none
            END AS treated,
            b.kind = 'per_sample' AS is_alone,
            b.absent,
            b.has_adj,
            coalesce(b.has_blocks, false) AS has_blocks,
            b.contigs,
            CASE b.kind WHEN 'per_sample' THEN m.sample_number ELSE -m.batch END AS owner,
            in_policy = 'adj@1' AS is_adj,
            CASE in_filter WHEN 'pass' THEN 4 ELSE 0 END AS shift
        FROM question q
        JOIN cohort_members m ON q.cohort = m.cohort AND q.is_fit
        JOIN samples s ON m.sample_number = s.sample_number
        JOIN batches b ON m.batch = b.batch
        CROSS JOIN variants v
    )
),
-- The members' own genotypes where they have rows; those of bits without a row are in the planes.
own_calls AS (
    SELECT v.variant, c.*
    FROM stored_calls c
    -- A join that compares sv_length with NULL does not prune row groups; this one does.
    SEMI JOIN asked r
        ON c.contig = r.contig AND c.bin = r.bin AND c.position BETWEEN r.low AND r.high
    JOIN variants v
        ON c.contig = v.contig AND c.bin = v.bin AND c.position = v.position
        AND c.ref = v.ref AND c.alt = v.alt AND c.end_position = v.end_position
        AND c.sv_length IS NOT DISTINCT FROM v.sv_length
),
own_bits AS MATERIALIZED (
    SELECT
        v.variant, b.batch, b.block, b.policy, b.is_whole,
        coalesce(b.haploid::BIT, bitstring('0', 1024)) AS haploid,
        coalesce(b.alt1::BIT, bitstring('0', 1024)) AS alt1,
        coalesce(b.alt2::BIT, bitstring('0', 1024)) AS alt2,
        coalesce(b.short1::BIT, bitstring('0', 1024)) AS short1,
        coalesce(b.short2::BIT, bitstring('0', 1024)) AS short2
    FROM bits b
    SEMI JOIN asked r
        ON b.contig = r.contig AND b.bin = r.bin AND b.position BETWEEN r.low AND r.high
    JOIN variants v
        ON b.contig = v.contig AND b.bin = v.bin AND b.position = v.position
        AND b.ref = v.ref AND b.alt = v.alt AND b.end_position = v.end_position
        AND b.sv_length IS NOT DISTINCT FROM v.sv_length
),
-- Other records of the same sample over the variant: only samples that were asked alone have them
-- as evidence. A deletion longer than two bins is met as any other record.
beside AS (
    SELECT
        v.variant,
        c.sample_number,
        bool_or(
            c.alt_count > 0 AND c.position < v.position AND length(c.ref) > length(c.alt)
        ) AS is_deleted,
        bool_or(c.called_count > 0) AS is_called
    FROM rare_calls c
    JOIN (SELECT *, unnest([bin - 1, bin]) AS near FROM variants) v
        ON c.contig = v.contig AND c.bin = v.near
        AND c.position <= v.end_position AND c.end_position >= v.position
    WHERE c.covered IS NOT NULL
    GROUP BY ALL
),
touching AS (
    SELECT
        v.variant,
        coalesce(c.sample_number, -c.batch) AS owner,
        c.*,
        c.start_position <= v.position AND c.end_position >= v.last_base AS holds
    FROM callable c
    JOIN (
        SELECT *, unnest(span_bins(position, last_base))::INTEGER AS near
        FROM variants
        WHERE last_base IS NOT NULL
    ) v
        ON c.contig = v.contig AND c.bin = v.near
        AND c.start_position <= v.last_base AND c.end_position >= v.position
),
known AS (
    SELECT
        variant,
        sample_number,
        any_value(stretch) FILTER (holds AND policies & level > 0) AS held,
        any_value(stretch) FILTER (holds AND policies & (1 << shift) > 0) AS raw,
        any_value(stretch) FILTER (holds AND policies & (2 << shift) > 0) AS with_empty,
        coalesce(bool_or(holds AND policies & (level >> shift) > 0), false) AS is_held_unfiltered,
        coalesce(bool_or(policies & level > 0), false) AS is_touched
    FROM (
        SELECT
            m.variant, m.sample_number, m.level, m.shift, t.policies, t.holds,
            {
                'low': t.start_position, 'high': t.end_position, 'alleles': t.alleles,
                'basis': t.basis, 'dp': t.min_dp, 'gq': t.min_gq
            } AS stretch
        FROM member m
        JOIN touching t ON m.variant = t.variant AND m.owner = t.owner
    )
    GROUP BY ALL
),
gathered AS (
    SELECT
        m.*,
        CASE WHEN m.is_alone THEN c.variant IS NOT NULL ELSE r.batch IS NOT NULL END AS is_recorded,
        r.has_genotypes IS NOT DISTINCT FROM false
        AND (NOT m.is_alone OR r.source_sample = m.sample_number) AS is_without_genotypes,
        CASE WHEN m.is_alone THEN c.filters ELSE r.filters END AS filters,
        c.variant IS NOT NULL AS has_row,
        c.alt_count, c.called_count, c.passes_adj, c.passes_adj_haploid, c.adj_in_bits,
        c.dp, c.gq, c.ad_ref, c.ad_alt,
        CASE
            WHEN raw_bits.is_whole THEN 2 - get_bit(raw_bits.haploid, place) ELSE c.ploidy
        END AS ploidy,
        raw_bits.batch IS NOT NULL AS has_raw_bits,
        2 - get_bit(raw_bits.short1, place) - get_bit(raw_bits.short2, place) AS called_in_bits,
        bits.batch IS NOT NULL AS has_bits,
        get_bit(bits.alt1, place) AS alt1,
        get_bit(bits.alt2, place) AS alt2,
        get_bit(bits.short1, place) AS short1,
        get_bit(bits.short2, place) AS short2,
        CASE WHEN get_bit(p.haploid::BIT, place) = 1 THEN 1 ELSE 2 END AS default_room,
        k.held, k.raw, k.with_empty, k.is_held_unfiltered, k.is_touched,
        o.is_deleted, o.is_called
    FROM (
        SELECT
            *,
            (sample_number // 1024)::SMALLINT AS block,
            (sample_number % 1024)::INTEGER AS place
        FROM member
    ) m
    LEFT JOIN records r ON m.variant = r.variant AND m.batch = r.batch
    LEFT JOIN own_calls c ON m.variant = c.variant AND m.sample_number = c.sample_number
    LEFT JOIN own_bits raw_bits
        ON m.variant = raw_bits.variant AND m.batch = raw_bits.batch
        AND m.block = raw_bits.block AND raw_bits.policy = 'raw'
    LEFT JOIN own_bits bits
        ON m.variant = bits.variant AND m.batch = bits.batch AND m.block = bits.block
        AND bits.policy = CASE
            WHEN NOT m.is_adj THEN 'raw' WHEN m.treated = 'haploid' THEN 'adj@1-haploid'
            ELSE 'adj@1'
        END
    LEFT JOIN ploidy p
        ON m.contig = p.contig AND m.batch = p.batch AND m.block = p.block
        AND m.rule_start BETWEEN p.start_position AND p.end_position
    LEFT JOIN known k ON m.variant = k.variant AND m.sample_number = k.sample_number
    LEFT JOIN beside o ON m.variant = o.variant AND m.sample_number = o.sample_number
),
counted AS (
    SELECT
        *,
        -- As allele_counts has it: a row of bits decides for its block.
        CASE
            WHEN NOT has_bits THEN least(row_copies, row_alleles)
            WHEN treated = 'haploid' THEN greatest(alt2, least(alt1, short1))
            ELSE alt1 + alt2
        END AS record_copies,
        CASE
            WHEN NOT has_bits THEN row_alleles
            WHEN treated = 'as_called' THEN 2 - short1 - short2
            WHEN treated = 'haploid' AND short2 = 0 AND NOT (alt1 = 1 AND alt2 = 0 AND short1 = 0)
                THEN 1
            ELSE 0
        END AS record_alleles,
        CASE
            WHEN has_row THEN called_count WHEN has_raw_bits THEN called_in_bits ELSE default_room
        END AS written_alleles,
        treated = 'haploid' OR coalesce(ploidy, default_room) = 1 AS has_one_room,
        CASE
            WHEN is_alone THEN CASE
                WHEN held IS NULL OR treated = 'unknown' THEN NULL
                WHEN treated = 'missing' THEN 0
                WHEN treated = 'haploid'
                    THEN least(1, coalesce(held.alleles, assumed_alleles(zone, sex)))
                ELSE coalesce(held.alleles, assumed_alleles(zone, sex))
            END
            WHEN held IS NOT NULL OR (
                absent = 'reference' AND NOT is_adj AND list_contains(contigs, contig)
            ) THEN assumed_alleles(zone, sex)
        END AS absent_alleles,
        is_alone AND held IS NOT NULL AND held.basis <> 'regions' AS is_in_block
    FROM (
        SELECT
            *,
            NOT is_adj OR passes_policy(passes_adj, passes_adj_haploid, treated, 'adj@1')
                AS is_passed,
            -- least() would take NULL for no bound.
            CASE WHEN has_row AND NOT (is_adj AND adj_in_bits) THEN alt_count ELSE 0 END
                AS row_copies,
            CASE
                WHEN has_row AND NOT (is_adj AND adj_in_bits) THEN counted_alleles(
                    alt_count,
                    called_count,
                    treated,
                    NOT is_adj OR passes_policy(passes_adj, passes_adj_haploid, treated, 'adj@1')
                )
                WHEN treated = 'haploid' THEN 1
                WHEN treated = 'as_called' THEN default_room
                ELSE 0
            END AS row_alleles
        FROM gathered
    )
),
judged AS (
    SELECT
        *,
        CASE
            WHEN is_adj AND NOT has_adj THEN 'no_adj_fields'
            WHEN is_recorded THEN CASE
                WHEN is_without_genotypes AND NOT is_alone THEN 'no_genotypes'
                WHEN in_filter = 'pass' AND len(filters) > 0 THEN 'filtered'
                WHEN treated = 'unknown' THEN 'unknown_sex'
                WHEN treated = 'missing' THEN 'none_by_sex'
                WHEN record_alleles = 2 OR (record_alleles = 1 AND has_one_room) THEN 'called'
                WHEN record_alleles = 1 THEN 'half_called'
                WHEN written_alleles = 0 THEN 'no_call'
                WHEN is_adj AND NOT (has_row AND is_passed) THEN 'failed_adj'
                ELSE 'het_by_sex'
            END
            WHEN absent_alleles = 0 THEN 'none_by_sex'
            WHEN absent_alleles > 0 THEN CASE
                WHEN NOT is_in_block THEN 'assumed'
                WHEN is_deleted THEN 'own_deletion'
                WHEN is_called OR held.basis = 'record' THEN 'other_record'
                ELSE 'block'
            END
            WHEN held IS NOT NULL THEN 'unknown_sex'
            WHEN NOT is_alone AND absent = 'reference' AND NOT is_adj
                THEN CASE
                    WHEN list_contains(contigs, contig) THEN 'unknown_sex' ELSE 'other_contig'
                END
            WHEN NOT is_alone AND absent = 'unknown' THEN 'no_record'
            WHEN is_without_genotypes THEN 'no_genotypes'
            WHEN NOT is_alone AND is_adj THEN 'not_assumed'
            WHEN last_base IS NULL THEN 'symbolic'
            WHEN is_held_unfiltered THEN 'filtered'
            WHEN is_adj AND raw.basis = 'regions' THEN 'not_assumed'
            WHEN is_adj AND raw IS NOT NULL THEN 'failed_adj'
            WHEN with_empty IS NOT NULL THEN 'no_reads'
            WHEN NOT is_called THEN 'other_no_call'
            WHEN is_touched THEN 'partly_covered'
            WHEN absent = 'regions' THEN 'outside_regions'
            WHEN has_blocks THEN 'no_coverage'
            WHEN absent = 'unknown' THEN 'no_record'
            ELSE 'other_contig'
        END AS reason
    FROM counted
)
SELECT
    contig,
    position,
    ref,
    alt,
    end_position,
    sv_length,
    sample_number,
    batch,
    CASE
        WHEN reason IN ('no_adj_fields', 'no_genotypes', 'filtered', 'unknown_sex') THEN 'none'
        WHEN is_recorded THEN 'record'
        WHEN absent_alleles IS NULL THEN 'none'
        WHEN is_in_block THEN 'block'
        ELSE 'assumed'
    END AS part,
    reason,
    CASE
        WHEN reason = 'failed_adj' AND is_recorded
            THEN failed_thresholds(
                has_row, dp, gq, ad_ref, ad_alt, alt_count = 1 AND called_count = 2, has_one_room
            )
        WHEN reason = 'failed_adj'
            THEN failed_block(raw.dp, raw.gq, treated = 'haploid' OR raw.alleles = 1)
        WHEN reason = 'filtered' AND is_recorded THEN array_to_string(filters, ';')
        WHEN reason IN ('assumed', 'not_assumed', 'outside_regions')
            OR (reason = 'none_by_sex' AND NOT is_recorded) THEN absent
    END AS detail,
    CASE
        WHEN part = 'none' OR reason = 'none_by_sex' THEN 0
        WHEN is_recorded THEN record_alleles
        ELSE absent_alleles
    END::TINYINT AS alleles,
    CASE
        WHEN part = 'record' AND reason <> 'none_by_sex' THEN record_copies ELSE 0
    END::TINYINT AS copies,
    CASE WHEN is_recorded THEN dp ELSE coalesce(held, raw, with_empty).dp END AS dp,
    CASE WHEN is_recorded THEN gq ELSE coalesce(held, raw, with_empty).gq END AS gq,
    CASE WHEN NOT is_recorded THEN coalesce(held, raw, with_empty).low END AS interval_start,
    CASE WHEN NOT is_recorded THEN coalesce(held, raw, with_empty).high END AS interval_end
FROM judged
-- Without these two branches a wrong name would go unseen in a lake whose tables are empty. They
-- give no row; no column is a constant, or a filter on it would take the branch away.
UNION ALL
SELECT
    cohort, try_cast(cohort AS INTEGER), cohort, cohort, try_cast(cohort AS INTEGER),
    try_cast(cohort AS INTEGER), try_cast(cohort AS INTEGER), try_cast(cohort AS INTEGER), cohort,
    cohort, cohort, try_cast(cohort AS TINYINT), try_cast(cohort AS TINYINT),
    try_cast(cohort AS INTEGER), try_cast(cohort AS INTEGER), try_cast(cohort AS INTEGER),
    try_cast(cohort AS INTEGER)
FROM question
WHERE NOT is_fit
UNION ALL
SELECT
    contig, try_cast(contig AS INTEGER), contig, contig, try_cast(contig AS INTEGER),
    try_cast(contig AS INTEGER), try_cast(contig AS INTEGER), try_cast(contig AS INTEGER), contig,
    contig, contig, try_cast(contig AS TINYINT), try_cast(contig AS TINYINT),
    try_cast(contig AS INTEGER), try_cast(contig AS INTEGER), try_cast(contig AS INTEGER),
    try_cast(contig AS INTEGER)
FROM asked
WHERE contig IS NULL;
