-- variants_in: which variants does the lake know in a region?
--
--   in_region   NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--
-- One row per variant, whoever carries it, those of sites-only batches too:
--   contig         the contig, as the lake's assembly names it
--   position       first base of ref, 1-based
--   ref            reference allele
--   alt            alternate allele
--   kind           snv, mnv, insertion, deletion, symbolic or breakend
--   ids            identifiers in any batch, sorted and joined by ;; NULL where there is none
--   filters        PASS, . (not filtered) or the filters failed; joined by | where they differ
--   batches        how many batches have a record of it
--   end_position   last base of the variant, 1-based
--   sv_length      SVLEN of a symbolic allele; NULL otherwise
--   sv_type        kind of a symbolic allele or breakend: DEL, DUP, BND ...; NULL otherwise
--
--   FROM variants_in('22:16,050,000-17,000,000') WHERE kind = 'snv';

CREATE OR REPLACE MACRO variants_in(in_region) AS TABLE
WITH spans AS MATERIALIZED (FROM region_spans(in_region)),
own_sites AS NOT MATERIALIZED (FROM asked_sites(in_region))
FROM variants_at('spans', 'own_sites');
