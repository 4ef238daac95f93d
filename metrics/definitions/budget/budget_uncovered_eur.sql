/* ---
label          = "Ungedeckte Überschreitung zum Jahresende"
short          = "ungedeckt"
number         = "BUD-14"
question       = "Wie viel fehlt, nachdem sich jedes Budget in sich gedeckt hat?"
kind           = "sum"
population     = "haushaltsansatz"
unit           = "eur"
better         = "lower"
over_time      = "last"
dimensions     = ["deckungskreis", "deckungskreis_titel"]
choose_one     = { plan_art = "ergebnisplan", haushaltsjahr = "@year" }
scope          = "city"
numerator_text = "Prognose abzüglich Rahmen der Budgets, deren Prognose den Rahmen übersteigt"
meaning        = "Summe der Fehlbeträge aller Budgets, die als Ganzes nicht reichen. Überschüsse anderer Budgets zählen nicht dagegen: Sie decken nicht von selbst, es braucht einen Beschluss."
legal          = "§ 19 KomHKVO, § 117 NKomVG (Niedersachsen)"
revised        = 2026-11-15
limits         = "Positionen ohne Zuordnung stehen für sich allein. Budgets, in denen einer Position die Prognose fehlt, sind nicht enthalten; dann steht „unvollständig“ dabei."

[records]
list = "budget_positions"
--- */
SELECT
    period,
    haushaltsjahr,
    plan_art,
    deckungskreis,
    deckungskreis_titel,
    -- greatest() passes over NULL: without a Prognose nothing would be missing.
    sum(CASE WHEN forecast_eur IS NOT NULL THEN greatest(forecast_eur - frame_eur, 0) END) AS numerator,
    CASE WHEN count(forecast_eur) < count(*) THEN 'unvollständig' END AS qualifier
FROM mart.deckungskreis_balance
GROUP BY ALL
