/* ---
label = "Haushaltspositionen mit Budget und Prognosestand"
scope = "city"
order = ["-haushaltsjahr", "plan_art", "produkt", "position_id"]
key = ["haushaltsjahr", "plan_art", "produkt", "position_id"]
subject = "budget_plan"
apart = ["haushaltsjahr", "plan_art"]

[columns]
haushaltsjahr       = { label = "Haushaltsjahr", type = "year" }
plan_art            = { label = "Plan", type = "text" }
produkt             = { label = "Produkt", type = "text" }
position_id         = { label = "Position", type = "text" }
position            = { label = "Bezeichnung", type = "text" }
deckungskreis_titel = { label = "Budget", type = "text" }
frame_eur           = { label = "Verfügungsrahmen", type = "eur" }
ist_eur             = { label = "Ist", type = "eur" }
obligo_eur          = { label = "Obligo", type = "eur" }
forecast_eur        = { label = "Prognose 31.12.", type = "eur" }
forecast_made_on    = { label = "Prognose vom", type = "date" }
budget_balance_eur  = { label = "Saldo des Budgets", type = "eur", sum = false }
--- */
WITH made AS (
    SELECT period, haushaltsjahr, plan_art, produkt, position_id, max(made_on) AS forecast_made_on
    FROM core.budget_forecast
    GROUP BY period, haushaltsjahr, plan_art, produkt, position_id
)
SELECT
    stock.haushaltsjahr,
    stock.plan_art,
    stock.produkt,
    stock.position_id,
    stock.position,
    CASE WHEN stock.in_budget THEN stock.deckungskreis_titel END AS deckungskreis_titel,
    stock.frame_eur,
    stock.ist_eur,
    stock.obligo_eur,
    stock.forecast_eur,
    made.forecast_made_on,
    budget.frame_eur - budget.forecast_eur AS budget_balance_eur
FROM mart.deckungskreis_stock AS stock
INNER JOIN core.calendar AS calendar ON calendar.period = stock.period AND calendar.is_current
LEFT JOIN made
    ON made.period = stock.period AND made.haushaltsjahr = stock.haushaltsjahr
    AND made.plan_art = stock.plan_art AND made.produkt = stock.produkt
    AND made.position_id = stock.position_id
LEFT JOIN mart.deckungskreis_balance AS budget
    ON budget.period = stock.period AND budget.haushaltsjahr = stock.haushaltsjahr
    AND budget.plan_art = stock.plan_art AND budget.deckungskreis = stock.deckungskreis
    AND budget.deckungskreis_titel = stock.deckungskreis_titel
