-- carried_by: every genotype of some samples with at least one copy that counts.
--
--   in_members        name of a relation of samples: sample_number, batch, sample_id,
--                     participant_id, sex
--   in_region         NULL, a region or a list of regions
--   in_policy         'raw', 'raw_blocks' or 'adj@1'
--   in_ploidy         'as_called' or 'by_sex'
--   in_filter         'any' or 'pass'
--   is_with_filters   whether the records' filters are looked up, which costs a join
--   is_with_whole     whether genotypes of which bits are all there is are among them
--   is_alone          whether the relation is known to be of one sample
--
-- One row per variant and sample, in both tiers:
--   contig            the contig, as the lake's assembly names it
--   position          first base of ref, 1-based
--   ref               reference allele
--   alt               alternate allele
--   end_position      last base of the variant, 1-based
--   sv_length         SVLEN of a symbolic allele; NULL otherwise
--   batch             the batch of the sample
--   sample_number     number of the sample
--   sample_id         name of the sample in its VCF
--   participant_id    the person
--   sex               'XX', 'XY' or NULL
--   copies            copies of alt that count: 1 or 2
--   alleles           called alleles that count: 1 or 2
--   is_haploid        whether the one allele is all there is room for
--   ploidy            alleles the genotype has room for, as called
--   haplotype         1 or 2: which allele of a phased genotype is alt
--   phase_set         FORMAT PS
--   dp                reads
--   gq                genotype quality, Phred
--   ad_ref            reads of ref
--   ad_alt            reads of alt
--   filters           of the record: PASS, . (not filtered) or the filters failed; NULL without
--                     is_with_filters
--
--   FROM carried_by('member', '22', 'raw', 'as_called', 'any', true, true) LIMIT 10;

CREATE OR REPLACE MACRO carried_by(
    in_members, in_region, in_policy, in_ploidy, in_filter, is_with_filters, is_with_whole,
    is_alone := false
) AS TABLE
WITH plain AS (FROM plain_carried(in_members, in_region, is_alone)),
haploids AS MATERIALIZED (FROM asked_ploidy(in_region)),
pieces AS MATERIALIZED (FROM region_pieces(in_region, in_ploidy, 'haploids')),
asked AS MATERIALIZED (
    SELECT *, unnest(range(low >> 14, (high >> 14) + 1))::INTEGER AS bin FROM pieces
),
-- Most records pass: only the others are joined. A carrier of a joint batch is always in a record.
not_passed AS (
    SELECT
        s.contig, s.position, s.ref, s.alt, s.end_position, s.sv_length, s.batch, s.filters
    FROM asked_sites(in_region) s
    SEMI JOIN asked r
        ON s.contig = r.contig AND s.bin = r.bin AND s.position BETWEEN r.low AND r.high
    WHERE coalesce(len(s.filters), 1) > 0
),
judged AS (
    SELECT
        *,
        counted_alleles(
            alt_count,
            called_count,
            treated,
            passes_policy(passes_adj, passes_adj_haploid, treated, in_policy)
        ) AS alleles
    FROM (
        SELECT
            c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length, c.batch,
            c.sample_number, c.alt_count, c.called_count, c.ploidy, c.haplotype, c.phase_set,
            c.dp, c.gq, c.ad_ref, c.ad_alt, c.passes_adj, c.passes_adj_haploid, c.covered,
            c.filters,
            m.sample_id, m.participant_id, m.sex,
            CASE m.sex
                WHEN 'XX' THEN r.treated_xx
                WHEN 'XY' THEN r.treated_xy
                ELSE r.treated_none
            END AS treated
        FROM asked_stored_calls(in_region) c
        JOIN asked r
            ON c.contig = r.contig AND c.bin = r.bin AND c.position BETWEEN r.low AND r.high
        JOIN query_table(in_members) m ON c.sample_number = m.sample_number
        WHERE c.alt_count > 0
        UNION ALL
        SELECT
            c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length, c.batch,
            c.sample_number, c.alt_count, c.called_count, c.ploidy, c.haplotype, NULL,
            NULL, NULL, NULL, NULL, NULL, NULL, NULL,
            NULL,
            c.sample_id, c.participant_id, c.sex, c.treated
        FROM whole_carriers(in_members, 'asked', in_region) c
        -- Such a batch lacks what adj@1 needs.
        WHERE is_with_whole AND in_policy <> 'adj@1'
    )
),
piecewise AS (
    SELECT
        j.contig,
        j.position,
        j.ref,
        j.alt,
        j.end_position,
        j.sv_length,
        j.batch,
        j.sample_number,
        j.sample_id,
        j.participant_id,
        j.sex,
        least(j.alt_count, j.alleles) AS copies,
        j.alleles,
        j.ploidy = 1 OR j.treated = 'haploid' AS is_haploid,
        j.ploidy,
        j.haplotype,
        j.phase_set,
        j.dp,
        j.gq,
        j.ad_ref,
        j.ad_alt,
        CASE
            WHEN NOT is_with_filters THEN NULL
            WHEN j.record_filters IS NULL THEN '.'
            WHEN len(j.record_filters) = 0 THEN 'PASS'
            ELSE array_to_string(j.record_filters, ';')
        END AS filters
    FROM (
        SELECT
            j.*,
            -- A sample that was asked alone has filters of its own.
            CASE
                WHEN j.covered IS NOT NULL THEN j.filters
                WHEN s.batch IS NULL THEN []
                ELSE s.filters
            END AS record_filters
        FROM judged j
        LEFT JOIN not_passed s
            ON (is_with_filters OR in_filter = 'pass')
            AND j.contig = s.contig
            AND j.position = s.position
            AND j.ref = s.ref
            AND j.alt = s.alt
            AND j.end_position = s.end_position
            AND j.sv_length IS NOT DISTINCT FROM s.sv_length
            AND j.batch = s.batch
    ) j
    WHERE j.alleles > 0 AND (in_filter = 'any' OR coalesce(len(j.record_filters), 0) = 0)
    -- Without this branch a wrong name would go unseen in a lake whose tables are empty. It gives
    -- no row; no column is a constant, or a filter on it would take the branch away.
    UNION ALL
    SELECT
        contig, try_cast(contig AS INTEGER), contig, contig, try_cast(contig AS INTEGER),
        try_cast(contig AS INTEGER), try_cast(contig AS INTEGER), try_cast(contig AS INTEGER),
        contig,
        contig, contig, try_cast(contig AS TINYINT), try_cast(contig AS TINYINT),
        try_cast(contig AS BOOLEAN), try_cast(contig AS TINYINT), try_cast(contig AS TINYINT),
        try_cast(contig AS INTEGER), try_cast(contig AS INTEGER), try_cast(contig AS INTEGER),
        try_cast(contig AS INTEGER), try_cast(contig AS INTEGER), contig
    FROM pieces
    WHERE contig IS NULL
)
-- Only what query_table() names is bound and planned.
FROM query_table(
    CASE
        WHEN
            is_with_filters
            AND is_with_whole
            AND in_policy IN ('raw', 'raw_blocks')
            AND in_ploidy IN ('as_called', 'by_sex')
            AND in_filter = 'any'
            AND struct_extract(asked_plain_piece(in_region), 'low') > 0
            THEN 'plain'
        ELSE 'piecewise'
    END
);
