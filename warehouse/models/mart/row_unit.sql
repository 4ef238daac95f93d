/* Rows of every subject that names an organisation unit, counted by the unit they name. */
SELECT subject, org_unit_id, count(*) AS n
FROM (
    SELECT 'application_month' AS subject, org_unit_id FROM stage.application_month
    UNION ALL SELECT 'case', org_unit_id FROM stage."case"
    UNION ALL SELECT 'council_item', org_unit_id FROM stage.council_item
    UNION ALL SELECT 'dms_activity', org_unit_id FROM stage.dms_activity
    UNION ALL SELECT 'dms_unit', org_unit_id FROM stage.dms_unit
    UNION ALL SELECT 'fachverfahren', org_unit_id FROM stage.fachverfahren
    UNION ALL SELECT 'file_scan', org_unit_id FROM stage.file_scan
    UNION ALL SELECT 'measure', org_unit_id FROM stage.measure
    UNION ALL SELECT 'post', org_unit_id FROM stage.post
    UNION ALL SELECT 'process_model', org_unit_id FROM stage.process_model
    UNION ALL SELECT 'product', org_unit_id FROM stage.product
    UNION ALL SELECT 'project', org_unit_id FROM stage.project
    -- Without a unit a proposal is about the whole city, which is no gap.
    UNION ALL SELECT 'proposal', org_unit_id FROM stage.proposal WHERE org_unit_id IS NOT NULL
    UNION ALL SELECT 'service', org_unit_id FROM stage.service
    UNION ALL SELECT 'service_cost', org_unit_id FROM stage.service_cost
    UNION ALL SELECT 'training', org_unit_id FROM stage.training
) AS row_unit
GROUP BY subject, org_unit_id
