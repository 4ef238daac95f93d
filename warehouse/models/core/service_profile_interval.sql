/* Attributes of a service hold from their day until the day of the next row of the same service. */
SELECT
    profile.*,
    lead(profile.valid_from) OVER (PARTITION BY profile.service_id ORDER BY profile.valid_from) AS valid_until
FROM core.service_profile AS profile
