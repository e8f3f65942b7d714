-- family_genotypes: what children and their parents have where one of them has a copy.
--
--   in_cohort       a cohort's name
--   in_region       NULL, a region or a list of regions
--   in_filter       'any' or 'pass'
--   is_with_duos    whether children with one parent in the cohort, and places where one parent is
--                   not called, are looked at too
--
-- One row per child and variant at which it and its parents are called, of all that could show an
-- error. A cohort without such a child is an error:
--   contig           the contig, as the lake's assembly names it
--   position         first base of ref, 1-based
--   ref              reference allele
--   alt              alternate allele
--   end_position     last base of the variant, 1-based
--   sv_length        SVLEN of a symbolic allele; NULL otherwise
--   participant_id   the child
--   family_id        its family
--   father_id        its father, if he is in the cohort
--   mother_id        its mother, if she is
--   child_sex        'XX', 'XY' or NULL
--   zone             autosome, x, y, x_par, y_par or mt
--   child            copies of alt the child has: of two, of one on Y, and of a son's one on X
--   father           copies of the father, of one on X and Y; NULL where he is not called
--   mother           copies of the mother; NULL where she is not called
--   fewest           copies the child has at least, by its parents
--   most             copies the child has at most
--
--   FROM family_genotypes('all', '22', 'any', true) WHERE child > 0;

CREATE OR REPLACE MACRO family_genotypes(
    in_cohort, in_region, in_filter, is_with_duos
) AS TABLE
WITH people AS MATERIALIZED (
    SELECT
        s.sample_number, s.batch, s.sample_id, s.participant_id, s.sex,
        b.kind = 'per_sample' AS is_alone,
        (s.sample_number // 1024)::SMALLINT AS block,
        (s.sample_number % 1024)::INTEGER AS place
    FROM cohort_samples(in_cohort) m
    JOIN samples s ON m.sample_number = s.sample_number
    JOIN batches b ON s.batch = b.batch
),
trios AS MATERIALIZED (
    SELECT
        p.participant_id, p.family_id, c.sex,
        f.participant_id AS father_id, m.participant_id AS mother_id,
        c.sample_number AS child_number,
        f.sample_number AS father_number,
        m.sample_number AS mother_number
    FROM pedigree p
    JOIN people c ON p.participant_id = c.participant_id
    LEFT JOIN people f ON p.father_id = f.participant_id
    LEFT JOIN people m ON p.mother_id = m.participant_id
    WHERE
        (f.sample_number IS NOT NULL AND m.sample_number IS NOT NULL)
        OR (is_with_duos AND coalesce(f.sample_number, m.sample_number) IS NOT NULL)
),
checked AS MATERIALIZED (
    SELECT
        CASE
            WHEN count(*) = 0
                THEN error(
                    'nobody in the cohort ' || quoted_name(in_cohort) || ' has '
                    || CASE WHEN is_with_duos THEN 'a parent' ELSE 'both parents' END
                    || ' in it by the pedigree: import one (allelake samples import)'
                    || CASE WHEN is_with_duos THEN '' ELSE ', or ask with duos' END
                )
            ELSE true
        END AS is_fit
    FROM trios
),
roles AS MATERIALIZED (
    SELECT t.participant_id AS child_id, r.role, p.*
    FROM trios t
    CROSS JOIN (SELECT unnest(['child', 'father', 'mother']) AS role) r
    JOIN people p
        ON p.sample_number = CASE r.role
            WHEN 'child' THEN t.child_number
            WHEN 'father' THEN t.father_number
            ELSE t.mother_number
        END
),
relatives AS MATERIALIZED (SELECT DISTINCT * EXCLUDE (child_id, role) FROM roles),
-- Whoever has a copy, fully called or not.
carried AS MATERIALIZED (
    SELECT
        contig, position, ref, alt, end_position, sv_length, sample_number,
        copies, alleles, is_haploid
    FROM carried_by('relatives', in_region, 'raw', 'as_called', in_filter, false, true)
),
keys AS MATERIALIZED (
    SELECT DISTINCT
        c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length, r.child_id
    FROM carried c
    JOIN roles r ON c.sample_number = r.sample_number
),
places AS MATERIALIZED (
    SELECT DISTINCT k.* EXCLUDE (child_id), k.position >> 14 AS bin, z.zone
    FROM keys k
    JOIN zones z
        ON k.contig = z.contig AND k.position BETWEEN z.start_position AND z.end_position
),
-- Whose genotype has no copy and is not the default.
others AS MATERIALIZED (
    SELECT
        p.contig, p.position, p.ref, p.alt, p.end_position, p.sv_length, m.sample_number,
        coalesce(get_bit(b.none, m.place), 0) = 0
        AND p.zone IN ('x', 'y', 'mt') AND m.sex = 'XY' AS is_called
    FROM (
        SELECT *, short1::BIT AS short, short2::BIT AS none
        FROM asked_bits(in_region)
        WHERE policy = 'raw' AND short1 IS NOT NULL
    ) b
    JOIN places p
        ON b.contig = p.contig
        AND b.bin = p.bin
        AND b.position = p.position
        AND b.ref = p.ref
        AND b.alt = p.alt
        AND b.end_position = p.end_position
        AND b.sv_length IS NOT DISTINCT FROM p.sv_length
    JOIN relatives m
        ON b.batch = m.batch AND b.block = m.block AND get_bit(b.short, m.place) = 1
    UNION ALL
    SELECT
        p.contig, p.position, p.ref, p.alt, p.end_position, p.sv_length, m.sample_number,
        c.called_count > 0 AND c.called_count = c.ploidy
    FROM asked_rare_calls(in_region) c
    JOIN places p
        ON c.contig = p.contig
        AND c.bin = p.bin
        AND c.position = p.position
        AND c.ref = p.ref
        AND c.alt = p.alt
        AND c.end_position = p.end_position
        AND c.sv_length IS NOT DISTINCT FROM p.sv_length
    JOIN relatives m ON c.sample_number = m.sample_number
    WHERE c.alt_count = 0
),
records AS MATERIALIZED (
    SELECT
        p.contig, p.position, p.ref, p.alt, p.end_position, p.sv_length, s.batch
    FROM asked_sites(in_region) s
    JOIN places p
        ON s.contig = p.contig
        AND s.bin = p.bin
        AND s.position = p.position
        AND s.ref = p.ref
        AND s.alt = p.alt
        AND s.end_position = p.end_position
        AND s.sv_length IS NOT DISTINCT FROM p.sv_length
    WHERE s.has_genotypes AND (in_filter = 'any' OR coalesce(len(s.filters), 0) = 0)
),
-- Copies of each, NULL where not fully called: of one on X and Y where there is one, which callers
-- write as two alike.
told AS (
    SELECT
        k.*,
        p.zone,
        r.role,
        r.sex,
        CASE
            WHEN p.zone IN ('x', 'y') AND r.sex = 'XY'
                THEN CASE
                    WHEN c.copies IS NULL AND is_reference THEN 0
                    WHEN c.copies = 2 OR c.is_haploid THEN 1
                END
            WHEN p.zone = 'x' AND r.sex IS NULL THEN NULL
            WHEN c.copies IS NULL AND is_reference THEN 0
            WHEN c.alleles = 2 THEN c.copies
        END AS copies
    FROM keys k
    JOIN places p
        ON k.contig = p.contig
        AND k.position = p.position
        AND k.ref = p.ref
        AND k.alt = p.alt
        AND k.end_position = p.end_position
        AND k.sv_length IS NOT DISTINCT FROM p.sv_length
    JOIN roles r ON k.child_id = r.child_id
    LEFT JOIN carried c
        ON r.sample_number = c.sample_number
        AND k.contig = c.contig
        AND k.position = c.position
        AND k.ref = c.ref
        AND k.alt = c.alt
        AND k.end_position = c.end_position
        AND k.sv_length IS NOT DISTINCT FROM c.sv_length
    LEFT JOIN others o
        ON r.sample_number = o.sample_number
        AND k.contig = o.contig
        AND k.position = o.position
        AND k.ref = o.ref
        AND k.alt = o.alt
        AND k.end_position = o.end_position
        AND k.sv_length IS NOT DISTINCT FROM o.sv_length
    LEFT JOIN records s
        ON r.batch = s.batch
        AND k.contig = s.contig
        AND k.position = s.position
        AND k.ref = s.ref
        AND k.alt = s.alt
        AND k.end_position = s.end_position
        AND k.sv_length IS NOT DISTINCT FROM s.sv_length
    CROSS JOIN LATERAL (
        -- Without a row of its own a sample is reference where its joint batch has a record.
        SELECT coalesce(o.is_called, NOT r.is_alone AND s.batch IS NOT NULL) AS is_reference
    )
),
joined AS (
    SELECT
        contig, position, ref, alt, end_position, sv_length, child_id, zone,
        max(copies) FILTER (role = 'child') AS child,
        max(copies) FILTER (role = 'father') AS father,
        max(copies) FILTER (role = 'mother') AS mother
    FROM told
    GROUP BY contig, position, ref, alt, end_position, sv_length, child_id, zone
),
-- What each parent hands on, at least and at most; one that has no part in it hands on nothing.
handed AS (
    SELECT
        j.*,
        t.family_id,
        t.father_id,
        t.mother_id,
        t.sex,
        j.zone IN ('autosome', 'x_par', 'y_par')
        OR (j.zone = 'x' AND t.sex = 'XX') OR (j.zone = 'y' AND t.sex = 'XY') AS has_father,
        j.zone IN ('autosome', 'x_par', 'y_par')
        OR (j.zone = 'x' AND t.sex IS NOT NULL) AS has_mother,
        CASE WHEN j.zone IN ('x', 'y') THEN 1 ELSE 2 END AS father_alleles
    FROM joined j
    JOIN trios t ON j.child_id = t.participant_id
    WHERE j.child IS NOT NULL
)
SELECT
    contig,
    position,
    ref,
    alt,
    end_position,
    sv_length,
    child_id AS participant_id,
    family_id,
    father_id,
    mother_id,
    sex AS child_sex,
    zone,
    child,
    father,
    mother,
    CASE WHEN has_father AND father = father_alleles THEN 1 ELSE 0 END
    + CASE WHEN has_mother AND mother = 2 THEN 1 ELSE 0 END AS fewest,
    CASE WHEN has_father AND coalesce(father, 1) > 0 THEN 1 ELSE 0 END
    + CASE WHEN has_mother AND coalesce(mother, 1) > 0 THEN 1 ELSE 0 END AS most
FROM handed
WHERE
    (has_father OR has_mother)
    AND CASE
        WHEN is_with_duos
            THEN (has_father AND father IS NOT NULL) OR (has_mother AND mother IS NOT NULL)
        ELSE (NOT has_father OR father IS NOT NULL) AND (NOT has_mother OR mother IS NOT NULL)
    END
-- Without this branch a cohort without a family would give no row. It gives none itself; no column
-- is a constant, or a filter on it would take the branch away.
UNION ALL
SELECT t, n, t, t, n, n, t, t, t, t, t, t, n, n, n, n, n
FROM (
    SELECT is_fit, is_fit::VARCHAR AS t, try_cast(is_fit::VARCHAR AS INTEGER) AS n FROM checked
)
WHERE NOT is_fit;
