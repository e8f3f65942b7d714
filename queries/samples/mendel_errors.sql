-- mendel_errors: which genotypes of a child can its declared parents not have given?
--
--   in_cohort       a cohort's name; an unknown name is an error, not an empty answer
--   in_region       NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_filter       'any', or 'pass': only records that are PASS or were not filtered
--   is_with_duos    whether one parent is enough; an uncalled one might have anything
--
-- Families are those of `pedigree`, of people in the cohort; none is an error. One row per child
-- and variant. Each alternate allele is looked at by itself, other ones of its record count as
-- reference. On X outside PAR a son has his mother's alone, on Y his father's; MT is left out:
--   contig           the contig, as the lake's assembly names it
--   position         first base of ref, 1-based
--   ref              reference allele
--   alt              alternate allele
--   participant_id   the child
--   family_id        its family
--   father_id        its father
--   mother_id        its mother
--   child_copies     copies of alt the child has
--   father_copies    copies of the father; on X and Y outside PAR of one. NULL where he is not
--                    called
--   mother_copies    copies of the mother; NULL where she is not called
--   error            'new allele' (the child has an allele that no parent has), or 'not handed on'
--                    (each allele is a parent's, but not one from each)
--   end_position     last base of the variant, 1-based
--   sv_length        SVLEN of a symbolic allele; NULL otherwise
--
--   SELECT * FROM mendel_errors('all', '22') WHERE error = 'new allele';

CREATE OR REPLACE MACRO mendel_errors(
    in_cohort,
    in_region := NULL,
    in_filter := 'any',
    is_with_duos := false
) AS TABLE
SELECT
    contig,
    position,
    ref,
    alt,
    participant_id,
    family_id,
    father_id,
    mother_id,
    child AS child_copies,
    father AS father_copies,
    mother AS mother_copies,
    CASE
        WHEN most = 0 THEN 'new allele'
        -- All that parents could hand on is alt, and the child has something else.
        WHEN child < fewest
            AND fewest = CASE WHEN zone = 'y' OR (zone = 'x' AND child_sex = 'XY') THEN 1 ELSE 2 END
            THEN 'new allele'
        ELSE 'not handed on'
    END AS error,
    end_position,
    sv_length
FROM family_genotypes(in_cohort, in_region, in_filter, is_with_duos)
WHERE child < fewest OR child > most;
