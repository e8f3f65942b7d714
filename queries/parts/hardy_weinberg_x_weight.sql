-- hardy_weinberg_x_weight: log-probability of men's alleles and women's genotypes on X.
--
--   in_males           men with a called allele
--   in_females         women with two
--   in_copies          copies of alt among all of them
--   in_male_copies     copies of alt among the men
--   in_heterozygotes   women with one copy
--
-- Given all alleles, up to a constant that is one for all ways to share the copies out (Graffelman
-- and Weir, Heredity 2016, equation 4).
--
--   SELECT hardy_weinberg_x_weight(50, 50, 30, 10, 16);

CREATE OR REPLACE MACRO hardy_weinberg_x_weight(
    in_males, in_females, in_copies, in_male_copies, in_heterozygotes
) AS
    (in_heterozygotes) * ln(2)
    - lgamma((in_male_copies) + 1)
    - lgamma(in_males - (in_male_copies) + 1)
    - lgamma((in_heterozygotes) + 1)
    - lgamma((in_copies - (in_male_copies) - (in_heterozygotes)) // 2 + 1)
    - lgamma(
        in_females - (in_heterozygotes)
        - (in_copies - (in_male_copies) - (in_heterozygotes)) // 2 + 1
    );
