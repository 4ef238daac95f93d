/* Every bundle a service belongs to, the one named at the service itself (`is_main`) and further ones, once each. */
SELECT
    member.service_id,
    member.ozg_id,
    bool_or(member.is_main) AS is_main
FROM (
    SELECT service_id, ozg_id, true AS is_main FROM stage.service WHERE ozg_id IS NOT NULL
    UNION ALL
    SELECT service_id, ozg_id, false AS is_main FROM stage.service_bundle
) AS member
GROUP BY member.service_id, member.ozg_id
