/* ---
label            = "Online gestellte Anliegen im Bürgerservice"
short            = "Online gestellt"
number           = "BSV-02"
question         = "Welcher Anteil der Anliegen im Bürgerservice kommt online?"
kind             = "share"
population       = "vorgang_buergerservice"
unit             = "percent"
better           = "higher"
over_time        = "sum"
window_months    = 3
dimensions       = ["procedure", "org_unit_id"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Online gestellte Vorgänge des Bürgerservice im Zeitraum"
denominator_text = "Alle vollständig eingegangenen Vorgänge des Bürgerservice im Zeitraum"
meaning          = "Anteil der online gestellten an allen vollständig eingegangenen Vorgängen des Bürgerservice in den letzten drei vollen Monaten."
revised          = 2026-06-09
limits           = "Gezählt wird in den Fachverfahren; die Antragsstatistik des Portals (WIR-02) umfasst weitere Verfahren. E-Mail zählt nicht als online."
--- */
SELECT
    period,
    org_unit_id,
    procedure,
    coalesce(sum(n) FILTER (WHERE channel = 'online'), 0) AS numerator,
    sum(n) AS denominator
FROM mart.case_intake
WHERE procedure IN ('melde', 'ausweis', 'urkunden', 'gewerbe', 'bewohnerparken')
GROUP BY ALL
