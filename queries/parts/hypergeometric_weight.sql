-- hypergeometric_weight: log-probability of a table of two by two, given its margins.
--
--   in_first    alleles of the first group
--   in_copies   copies in both groups
--   in_total    alleles of both groups
--   in_seen     copies in the first group
--
-- Up to a constant that is one for all tables of these margins.
--
--   SELECT hypergeometric_weight(10, 5, 30, 2);

CREATE OR REPLACE MACRO hypergeometric_weight(in_first, in_copies, in_total, in_seen) AS
    - lgamma((in_seen) + 1)
    - lgamma(in_first - (in_seen) + 1)
    - lgamma(in_copies - (in_seen) + 1)
    - lgamma(in_total - in_first - in_copies + (in_seen) + 1);
