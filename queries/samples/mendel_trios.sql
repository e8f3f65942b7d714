-- mendel_trios: do children's genotypes fit their declared parents?
--
--   in_cohort        a cohort's name; an unknown name is an error, not an empty answer
--   in_region        NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_filter        'any', or 'pass': only records that are PASS or were not filtered
--   is_with_duos     whether one parent is enough; an uncalled one might have anything
--   max_error_rate   a share of errors above it is no family
--   min_variants     variants that have to be compared, to tell
--
-- Families are those of `pedigree`, of people in the cohort; none is an error. One row per child:
--   participant_id    the child
--   family_id         its family
--   father_id         its father; NULL if he is not in the cohort
--   mother_id         its mother; NULL if she is not
--   variants          variants at which one of them has a copy, and all are called
--   errors            of them, those mendel_errors lists
--   error_rate        errors / variants, in [0, 1]; NULL without
--   father_clashes    variants where child and father are homozygous, not alike: no other parent
--                     could explain them
--   mother_clashes    the same of the mother
--   verdict           'fits', 'father does not fit', 'mother does not fit', 'neither parent fits',
--                     'child does not fit both together', or 'too few variants'
--
--   FROM mendel_trios('all') WHERE verdict <> 'fits';

CREATE OR REPLACE MACRO mendel_trios(
    in_cohort,
    in_region := NULL,
    in_filter := 'any',
    is_with_duos := false,
    max_error_rate := 0.03,
    min_variants := 50
) AS TABLE
WITH family AS MATERIALIZED (
    FROM family_genotypes(in_cohort, in_region, in_filter, is_with_duos)
),
counted AS (
    SELECT
        participant_id,
        any_value(family_id) AS family_id,
        any_value(father_id) AS father_id,
        any_value(mother_id) AS mother_id,
        count(*) AS variants,
        count(*) FILTER (child < fewest OR child > most) AS errors,
        count(*) FILTER (
            zone IN ('autosome', 'x_par', 'y_par') AND abs(child - father) = 2
        ) AS father_clashes,
        count(*) FILTER (
            zone IN ('autosome', 'x_par', 'y_par') AND abs(child - mother) = 2
        ) AS mother_clashes
    FROM family
    GROUP BY participant_id
)
SELECT
    participant_id,
    family_id,
    father_id,
    mother_id,
    variants,
    errors,
    errors / nullif(variants, 0) AS error_rate,
    father_clashes,
    mother_clashes,
    CASE
        WHEN variants < min_variants THEN 'too few variants'
        WHEN errors <= max_error_rate * variants THEN 'fits'
        WHEN least(father_clashes, mother_clashes) > max_error_rate * variants
            THEN 'neither parent fits'
        WHEN father_clashes > max_error_rate * variants THEN 'father does not fit'
        WHEN mother_clashes > max_error_rate * variants THEN 'mother does not fit'
        ELSE 'child does not fit both together'
    END AS verdict
FROM counted;
