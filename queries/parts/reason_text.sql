-- reason_text: why samples are or are not in AN, as a sentence.
--
--   in_reason    a reason of `explained`, or 'withdrawn' or 'replaced'
--   in_detail    what failed, or by which rule; NULL where the reason says all
--   in_least     least depth and quality of the blocks, as text; NULL where none is known
--
--   SELECT reason_text('failed_adj', 'GQ < 20', NULL);

CREATE OR REPLACE MACRO reason_text(in_reason, in_detail, in_least) AS CASE in_reason
    WHEN 'called' THEN 'called in a record of the variant'
    WHEN 'half_called' THEN 'half-call: one of two alleles is called in a record of the variant'
    WHEN 'no_call' THEN 'no call in a record of the variant'
    WHEN 'failed_adj' THEN 'fails adj@1: ' || in_detail
    WHEN 'het_by_sex' THEN 'called heterozygous, where XY has one allele: missing'
    WHEN 'none_by_sex' THEN 'XX, which has no allele on Y'
    WHEN 'block' THEN 'reference block' || coalesce(', ' || in_least, '')
    WHEN 'other_record' THEN 'called in another record of its own there, without this alt'
    WHEN 'own_deletion' THEN 'called: a deletion of its own covers this place (*)'
    WHEN 'assumed' THEN CASE in_detail
        WHEN 'regions' THEN 'no record, inside the regions of --regions: taken as reference'
        ELSE 'no record, and --absent reference: taken as reference'
    END
    WHEN 'no_genotypes' THEN 'the record of its batch has no genotypes'
    WHEN 'filtered' THEN 'its record or block failed filters' || coalesce(': ' || in_detail, '')
    WHEN 'no_adj_fields' THEN 'its batch does not declare GQ, DP and AD, which adj@1 needs'
    WHEN 'unknown_sex' THEN 'sex unknown, where the number of alleles depends on it'
    WHEN 'outside_regions' THEN 'no record, outside the regions of --regions'
    WHEN 'no_reads' THEN 'reference block without reads, which raw_blocks would count'
    WHEN 'partly_covered' THEN 'no record, and blocks cover only a part of the variant'
    WHEN 'no_coverage' THEN 'no record and no reference block there'
    WHEN 'no_record' THEN 'no record, which says nothing in its batch (absent unknown)'
    WHEN 'other_contig' THEN 'its batch has no records on this contig'
    WHEN 'not_assumed' THEN 'no record; adj@1 assumes nothing'
    WHEN 'other_no_call' THEN 'no call in another record of its own there'
    WHEN 'symbolic' THEN 'no record; blocks and regions say nothing of symbolic alleles'
    WHEN 'withdrawn' THEN 'withdrawn from the lake: in no answer'
    WHEN 'replaced' THEN 'replaced by a newer sample: in no answer'
END;
