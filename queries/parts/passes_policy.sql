-- passes_policy: whether a policy takes one genotype.
--
--   in_passes_adj           `calls.passes_adj`
--   in_passes_adj_haploid   `calls.passes_adj_haploid`
--   in_treated              what treatment() says: as_called, haploid, missing or unknown
--   in_policy               'raw', 'raw_blocks' or 'adj@1'
--
--   SELECT passes_policy(false, true, 'haploid', 'adj@1');

CREATE OR REPLACE MACRO passes_policy(
    in_passes_adj, in_passes_adj_haploid, in_treated, in_policy
) AS CASE
    WHEN in_policy <> 'adj@1' THEN true
    WHEN in_treated = 'haploid' THEN coalesce(in_passes_adj_haploid, false)
    ELSE coalesce(in_passes_adj, false)
END;
